package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInstall(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, version string
		fromSource    bool
		want          string
	}{
		{"the action's own version", "", true, "install -buildvcs=false ./cmd/ctxsize\n"},
		{"a version", "v1.2.3", false, "install github.com/ctxsize/ctxsize/cmd/ctxsize@v1.2.3\n"},
		{"no command", "latest; touch $(pwd)/pwned", false, "install github.com/ctxsize/ctxsize/cmd/ctxsize@latest; touch $(pwd)/pwned\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, "push", map[string]any{})
			j.program("go", `printf '%s\n' "$*" "$PWD" "$GOBIN" "${GOOS-unset}" >"$RUNNER_TEMP/go.txt"`)
			s := j.script("install.sh", map[string]string{"INPUT_VERSION": test.version, "GOOS": "plan9"})
			dir := j.temp
			if test.fromSource {
				dir = j.env["GITHUB_ACTION_PATH"]
			}
			bin := filepath.Join(j.temp, "ctxsize")
			if diff := cmp.Diff(test.want+dir+"\n"+bin+"\nunset\n", j.read(filepath.Join(j.temp, "go.txt"))); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(map[string]string{"program": filepath.Join(bin, "ctxsize")}, s.outputs); diff != "" || s.status != 0 {
				t.Errorf("exit status %d, outputs: %s", s.status, diff)
			}
		})
	}
}

func TestInstallFails(t *testing.T) {
	t.Parallel()
	j := newJob(t, "push", map[string]any{})
	j.program("go", "exit 1")
	if s := j.script("install.sh", map[string]string{"INPUT_VERSION": ""}); s.status != 1 || len(s.outputs) != 0 {
		t.Errorf("exit status %d, outputs %q", s.status, s.outputs)
	}

	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	alone := t.TempDir()
	if err := os.Symlink(bash, filepath.Join(alone, "bash")); err != nil {
		t.Fatal(err)
	}
	j.env["PATH"] = alone
	if s := j.script("install.sh", map[string]string{"INPUT_VERSION": ""}); s.status != 2 || !strings.Contains(s.log, "::error title=ctxsize::There is no Go") {
		t.Errorf("without Go: exit status %d:\n%s", s.status, s.log)
	}
}
