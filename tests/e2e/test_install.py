"""What `cmake --install` puts in place, and the unit it puts there."""
import json, os, pathlib, re, shutil, subprocess, tempfile, unittest

import harness


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-"))
        cls.addClassCleanup(shutil.rmtree, cls.root, ignore_errors=True)
        cls.install()
        cache = (harness.BUILD / "CMakeCache.txt").read_text()
        cls.prefix = cls.root / re.search(r"CMAKE_INSTALL_PREFIX:PATH=/(.*)", cache)[1]

    @classmethod
    def install(cls):
        subprocess.run(["cmake", "--install", harness.BUILD], env={**os.environ, "DESTDIR": str(cls.root)}, check=True,
                       stdout=subprocess.DEVNULL)

    def find(self, pattern):
        return {path.name for path in self.root.glob(pattern)}

    def test_programs_stages_header_schema_and_manuals_are_installed(self):
        self.assertEqual(self.find("**/bin/*"), {"wireroomd", "wireroom"})
        self.assertLessEqual({"extract.so", "headline.so", "language.so", "neardup.so"}, self.find("**/wireroom/stages/*.so"))
        self.assertEqual(self.find("**/include/wireroom/*"), {"stage.h"})
        self.assertIn("event.schema.json", self.find("**/share/wireroom/*"))
        self.assertIn("starter.opml", self.find("**/share/wireroom/feeds/*"))
        manuals = self.find("**/man/man*/*")
        self.assertLessEqual({"wireroom.1", "wireroomd.8", "wireroom.yaml.5"}, manuals)
        for stage in ("extract", "headline", "language", "neardup"):
            self.assertIn(f"wireroom-{stage}.7", manuals)

    def installed(self, *words, **more):
        environment = {**os.environ, "NO_COLOR": "1", "ASAN_OPTIONS": "detect_leaks=0", **more.pop("env", {})}
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, env=environment, timeout=120, **more)
        return done.returncode, done.stdout, done.stderr

    def new_stage(self, name, program=None):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-")) / name
        self.addCleanup(shutil.rmtree, folder.parent)
        code, out, err = self.installed(program or self.prefix / "bin" / "wireroom", "stages", "new", "--json", "--dir", folder, name)
        self.assertEqual((code, err), (0, ""))
        made = json.loads(out)
        self.assertEqual((made["name"], made["dir"]), (name, str(folder)))
        self.assertEqual({pathlib.Path(file) for file in made["files"]}, {p for p in folder.rglob("*") if p.is_file()})
        return folder

    def build(self, folder, *options, env={}):
        """Configured, built and tested; what the first of these said when it was refused."""
        for command in (["cmake", "-S", folder, "-B", folder / "build", *options], ["cmake", "--build", folder / "build"],
                        ["ctest", "--test-dir", folder / "build", "--output-on-failure", "--no-tests=error"]):
            code, out, err = self.installed(*command, env=env)
            if code != 0:
                return out + err
        return None

    def test_a_new_stage_builds_against_what_is_installed(self):
        without = "-DCMAKE_DISABLE_FIND_PACKAGE_wireroom=ON"
        (pc,) = self.root.glob("**/pkgconfig")
        self.assertIsNone(self.build(self.new_stage("by-package")))
        self.assertIsNone(self.build(self.new_stage("by-pc"), without, env={"PKG_CONFIG_PATH": str(pc)}))
        said = self.build(self.new_stage("by-none"), without, env={"PKG_CONFIG_LIBDIR": "/nonexistent", "PKG_CONFIG_PATH": ""})
        self.assertRegex(said, r"wireroom/stage.h is not found[^.]*\.[^.]*Install\s+wireroom,\s+or\s+say\s+where\s+it\s+is:"
                               r"\s+cmake\s+-B\s+build\s+-DWIREROOM_INCLUDE=")
        said = self.build(self.new_stage("by-mistake"), "-DWIREROOM_INCLUDE=/nonexistent")
        self.assertIn("wireroom/stage.h is not found", said)

    def test_a_new_stage_builds_in_a_tree_that_is_not_installed(self):
        folder = self.new_stage("by-tree", harness.BIN / "wireroom")
        source = folder / "by-tree.c"
        source.write_text(source.read_text() + '__attribute__((visibility("default"))) int seen_by_nobody;\n')
        self.assertIsNone(self.build(folder))
        self.assertIn(f"[{harness.BUILD}]", (folder / "CMakeLists.txt").read_text().replace("==", ""))
        self.assertEqual(self.exported(folder / "build" / "by-tree.so"), {"wireroom_stage"})

    def test_the_pc_file_tells_header_stages_and_abi(self):
        (pc,) = self.root.glob("**/pkgconfig/wireroom.pc")
        ask = lambda *words: self.installed("pkg-config", *words, "wireroom", env={"PKG_CONFIG_PATH": str(pc.parent)})[1].strip()
        include = os.path.realpath(ask("--variable=includedir"))
        self.assertTrue(os.path.exists(include + "/wireroom/stage.h"), include)
        self.assertTrue(os.path.exists(ask("--variable=stagesdir") + "/headline.so"))
        header = (harness.SOURCE / "include" / "wireroom" / "stage.h").read_text()
        self.assertEqual(ask("--variable=stage_abi"), re.search(r"WR_STAGE_ABI (\d+)", header)[1])
        told = self.installed(self.prefix / "bin" / "wireroom", "version", "--json")[1]
        self.assertEqual(ask("--modversion"), json.loads(told)["version"])

    def exported(self, module):
        return {line.split()[-1] for line in self.installed("nm", "-D", "--defined-only", module)[1].splitlines()}

    def test_a_module_exports_its_stage_and_nothing_else(self):
        modules = list(self.root.glob("**/wireroom/stages/*.so"))
        self.assertGreaterEqual(len(modules), 4)
        for module in modules:
            self.assertEqual(self.exported(module), {"wireroom_stage"}, module)

    def test_service_account_and_configuration_are_installed(self):
        self.assertEqual(self.find("**/lib/systemd/system/*"), {"wireroomd.service"})
        self.assertEqual(self.find("**/lib/sysusers.d/*"), {"wireroom.conf"})
        self.assertEqual(self.find("**/lib/tmpfiles.d/*"), {"wireroom.conf"})
        self.assertIn("wireroom.yaml", self.find("**/etc/wireroom/*"))

    def test_an_operators_configuration_is_never_overwritten(self):
        (conf,) = self.root.glob("**/etc/wireroom/wireroom.yaml")
        conf.write_text("instance: mine\n")
        self.install()
        self.assertEqual(conf.read_text(), "instance: mine\n")
        self.assertTrue(conf.with_name("wireroom.yaml.new").exists())

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not here")
    def test_the_unit_verifies_and_exposes_little(self):
        result = subprocess.run([harness.SOURCE / "systemd" / "check", harness.BUILD], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertRegex(result.stdout, r"exposure of wireroomd.service: [01]\.\d of 10")

    def test_uninstalled_nothing_but_the_configuration_is_left(self):
        root = pathlib.Path(tempfile.mkdtemp(prefix="wr-gone-"))
        self.addCleanup(shutil.rmtree, root)
        env = {"DESTDIR": str(root), "WIREROOM_BUILD": str(harness.BUILD)}
        prefix = "/" + str(self.prefix.relative_to(self.root))
        subprocess.run(["cmake", "--install", harness.BUILD], env={**os.environ, **env}, check=True, stdout=subprocess.DEVNULL)
        others = root / self.prefix.relative_to(self.root) / "bin" / "another"
        others.write_text("")
        for wrong in (["--prefix", "/elsewhere"], ["--prefix"], ["--what"]):
            self.assertNotEqual(self.installed(harness.SOURCE / "dev", "uninstall", *wrong, env=env)[0], 0)
        for wrong in (["uninstall", "--prefix"], ["install", "--what"], ["install", "--prefix="], ["package", "--what"], ["lint", "x"], ["fuzz", "nope"], ["bench", "nope"], ["what"]):
            code, out, err = self.installed(harness.SOURCE / "dev", *wrong, env=env)
            self.assertEqual((code, out), (2, ""), wrong)
            self.assertRegex(err, r"(?m)^dev: ", wrong)
        for verb in ("setup", "build", "run", "test", "bench", "fuzz", "lint", "install", "uninstall", "package"):
            for word in ("--help", "-h"):
                code, out, err = self.installed(harness.SOURCE / "dev", verb, word, env=env)
                self.assertEqual((code, err, out.startswith("./dev - ")), (0, "", True), verb)
        code, _, err = self.installed(harness.SOURCE / "dev", "uninstall", "--prefix", prefix, env=env)
        self.assertEqual(code, 0, err)
        self.assertEqual({p for p in root.rglob("*") if p.is_file() or p.is_symlink()}, {others, *root.rglob("wireroom.yaml")})
        self.assertEqual([p for p in root.rglob("wireroom*") if p.is_dir()], [p.parent for p in root.rglob("wireroom.yaml")])

    def test_the_unit_names_programs_that_are_installed(self):
        (unit,) = self.root.glob("**/wireroomd.service")
        for program in re.findall(r"^Exec(?:Start|StartPre|Reload)=(\S+)", unit.read_text(), re.M):
            self.assertTrue((self.root / program.lstrip("/")).exists(), program)


if __name__ == "__main__":
    harness.main()
