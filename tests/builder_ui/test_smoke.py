"""Every designer opens and takes a command."""

import sys


def test_smoke(desk):
    for path in ["/rules", "/rules/vip", "/rules/invite?sel=then/0", "/tables/tiers", "/rules/vip?sel=then/0"]:
        r = desk.get(path)
        assert r.status_code in (200, 302), r.text[-1500:]
    for kind in ("rules","tables","roles"):
        r=desk.post(f"/{kind}/new"); assert r.status_code==302; r=desk.client.get(r.location); assert r.status_code==200
    desk.get("/roles/role?sel=form/buyer")
    r=desk.cmd("roles","role","toggle",form="buyer",action="edit"); assert r.status_code==200, r.text
    assert desk.get("/roles/role?sel=form/buyer").status_code==200
    r=desk.cmd("rules","vip","set",name="when",**{"p-when":"total > 6000"}); assert r.status_code==200, r.text
    r=desk.cmd("rules","vip","add",type="add_tag"); assert r.status_code==200, r.text
    r=desk.cmd("tables","tiers","cell",row="0",col="0",text="> 7000"); assert r.status_code==200, r.text
    r=desk.cmd("tables","tiers","add_col"); assert r.status_code==200, r.text
    print(desk.part("tables","tiers"), file=sys.stderr)


def test_flows_reports(desk):
    for kind in ("flows", "datasets", "reports", "dashboards"):
        r = desk.post(f"/{kind}/new")
        assert r.status_code == 302, r.text[-800:]
        r = desk.client.get(r.location)
        assert r.status_code == 200, r.text[-800:]
    for path in ("/flows/flow?sel=node/start", "/flows/flow?sel=node/end", "/reports/report/picture.svg", ""):
        r = desk.get(path)
        print(path, r.status_code, file=sys.stderr)
        assert r.status_code in (200,), r.text[-800:]
    r = desk.cmd("reports", "report", "chart", type="bar"); assert r.status_code == 200
    r = desk.cmd("reports", "report", "set", name="period", **{"p-period": "last 30 days"}); assert r.status_code == 200, r.text
    r = desk.cmd("flows", "flow", "trigger", type="record_created"); assert r.status_code == 200, r.text
    print(desk.draft().problems, file=sys.stderr)
