"""Two clocks: business time can be moved, the wall cannot."""

import os

from engines.core.kernel import clock

DAY = 86_400_000_000


def test_business_time_follows_the_file_and_the_wall_does_not(tmp_path):
    file = tmp_path / "clock"
    file.write_text("86400")
    with clock.offset_from(file):
        assert abs(clock.now() - clock.wall() - DAY) < 5_000_000
        file.write_text("172800")
        os.utime(file, ns=(1, 1))
        assert abs(clock.now() - clock.wall() - 2 * DAY) < 5_000_000
        file.write_text("half")
        os.utime(file, ns=(2, 2))
        assert abs(clock.now() - clock.wall() - 2 * DAY) < 5_000_000
    assert abs(clock.now() - clock.wall()) < 5_000_000
