import sys
def test_smoke(desk):
    for path in ["", "/forms", "/forms/buyer", "/forms/buyer?sel=field:tags","/forms/sale?sel=field:buyer", "/forms/buyer?sel=field:total", "/forms/buyer/preview", "/forms/buyer/json", "/problems", "/publish", "/export"]:
        r = desk.get(path)
        print(path, r.status_code, len(r.text), file=sys.stderr)
        assert r.status_code in (200, 302), r.text[-1500:]
    r = desk.cmd("forms", "buyer", "add", type="rating", section="rest", index=1)
    print(r.status_code, r.text[:300], file=sys.stderr)
    assert r.status_code == 200
