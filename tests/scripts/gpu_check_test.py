"""scripts/gpu_check: how phases end, what is written, what it refuses. Nothing is built here."""
import importlib.machinery
import importlib.util
import json
import sys
import tempfile
import unittest
from argparse import Namespace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("gpu_check", str(ROOT / "scripts/gpu_check"))
gpu_check = importlib.util.module_from_spec(importlib.util.spec_from_loader("gpu_check", loader))
loader.exec_module(gpu_check)
gpu_check.say = lambda text: None


class GpuCheckTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.check = self.make()

    def make(self, minutes=1.0):
        folder = Path(self.folder.name)
        (folder / "build").mkdir(exist_ok=True)
        return gpu_check.Check(Namespace(out=folder / "out.json", build=folder / "build", pack=folder / "pack.tar.gz", minutes=minutes,
                                         build_seconds=30, cpu_tests=False))

    def written(self):
        return json.loads((Path(self.folder.name) / "out.json").read_text())

    def command(self, script, budget=20.0):
        self.check.phase("one", budget, lambda p: self.check.run(p, ["sh", "-c", script]))
        return self.written()["phases"][-1]

    def test_a_command_that_succeeds_is_ok(self):
        self.assertEqual(self.command("true")["status"], "ok")
        self.assertEqual(self.check.status(), 0)

    def test_a_command_that_fails_leaves_its_status_and_the_end_of_its_output(self):
        record = self.command("echo what went wrong; exit 7")
        self.assertEqual((record["status"], record["reason"]), ("failed", "exit status 7"))
        self.assertIn("what went wrong", record["output_end"])
        self.assertEqual(self.check.status(), 1)

    def test_a_command_that_goes_on_is_stopped_with_its_children(self):
        record = self.command("sleep 60 & sleep 60", budget=1.0)
        self.assertEqual(record["status"], "timed_out")
        self.assertLess(record["seconds"], 10)
        self.assertEqual(self.check.status(), 1)

    def test_what_does_not_run_is_named_and_others_do_run(self):
        self.check.phase("bench", 10, lambda p: self.fail("runs"), "there is no GPU here")
        self.assertEqual(self.command("true")["status"], "ok")
        self.assertEqual(self.written()["not_run"], ["bench: there is no GPU here"])
        self.assertEqual(self.check.status(), 3)

    def test_a_phase_does_not_begin_when_no_time_is_left(self):
        self.check = self.make(minutes=0.0)
        record = self.command("true")
        self.assertEqual((record["status"], record["reason"]), ("not_run", "no time is left"))

    def refusal(self, **changes):
        self.check.result["machine"] = {"glibc": "2.36"}
        self.check.manifest = {"architecture": "x86_64", "glibc": "2.34", "glibcxx": "3.4.30", **changes}
        try:
            self.check.check_libraries_fit()
        except gpu_check.CannotBegin as error:
            return str(error)
        return ""

    def test_libraries_that_ask_for_more_than_there_is_are_refused(self):
        self.assertEqual(self.refusal(), "")
        self.assertEqual(self.refusal(glibc="2.39"),
                         "glibc: got 2.36, the packed libraries need 2.39 or newer; pack on an older Debian")
        self.assertIn("has no GLIBCXX_3.4.99", self.refusal(glibcxx="3.4.99"))
        self.assertIn("the archive is for arm64", self.refusal(architecture="arm64"))

    def test_a_missing_archive_is_refused(self):
        with self.assertRaisesRegex(gpu_check.CannotBegin, "no such archive; scripts/gpu_pack makes it"):
            self.check.phase("unpack", 10, self.check.unpack)

    def test_cases_left_out_of_the_benchmark_are_named(self):
        figures = Path(self.folder.name) / "figures.json"
        figures.write_text(json.dumps({"cases": [1], "left_out": ["adamw"]}))
        self.check.phase("bench", 10, lambda p: self.check.take(p, figures, "kernels"))
        self.assertEqual(self.written()["not_run"], ["bench: out of time for adamw; the others have figures"])
        self.assertEqual(self.written()["kernels"]["cases"], [1])


if __name__ == "__main__":
    unittest.main()
