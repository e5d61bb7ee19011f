"""From start to stop no memory is touched that is not, or no longer, ours: by valgrind, since no sanitizer sees into libuv."""
import re
import shutil
import unittest

import harness
from harness import Item, page, rss

SANITIZED = re.search("WIREROOM_SANITIZE:[A-Z]+=.", (harness.BUILD / "CMakeCache.txt").read_text())


@unittest.skipIf(SANITIZED, "valgrind cannot run what has a sanitizer in it")
@unittest.skipUnless(shutil.which("valgrind"), "there is no valgrind here")
class Lifetimes(harness.Case):
    under = ("valgrind", "--quiet", "--error-exitcode=77", "--leak-check=no")

    def test_a_run_from_start_to_stop_touches_only_what_lives(self):
        self.web["/feed"] = rss([Item("1", "Ferry runs aground", self.web.url("/1"))])
        self.web["/1"] = page("Ferry runs aground", "Nobody was hurt when the ferry ran aground off Sallow Point.")
        self.start(["/feed"])
        self.subscriber.article("Ferry runs aground")
        self.assertEqual(self.daemon.stop(), 0, self.daemon.log())


if __name__ == "__main__":
    harness.main()
