package ci

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// built is a directory with the program in it, as [build] leaves it.
var built string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "ctxsize")
	if err != nil {
		panic(err)
	}
	built = filepath.Join(dir, "ctxsize")
	m.Run()
	if err := os.RemoveAll(dir); err != nil {
		panic(err)
	}
}

// build makes the program as the action does.
var build = sync.OnceValue(func() error {
	cmd := exec.Command("bash", "install.sh")
	cmd.Env = append(os.Environ(), "INPUT_VERSION=", "RUNNER_TEMP="+filepath.Dir(built), "GITHUB_OUTPUT="+os.DevNull)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, output)
	}
	return nil
})

// look lists the whole repository: go test takes an old result where nothing that a
// test looked at has changed, and knows nothing of what other programs look at.
var look = sync.OnceValue(func() error {
	return filepath.WalkDir("..", func(_ string, d fs.DirEntry, err error) error {
		if d != nil && d.Name() == ".git" {
			return filepath.SkipDir
		}
		return err
	})
})

// install puts the program in the PATH of the job's steps, and a Go beside it that
// installs no other.
func (j *job) install() {
	j.t.Helper()
	if err := build(); err != nil {
		j.t.Fatal(err)
	}
	j.program("go", `[ "$1" = install ] && mkdir -p "$GOBIN" && cp "`+built+`/ctxsize" "$GOBIN/ctxsize"`)
	j.program("ctxsize", `exec "`+built+`/ctxsize" "$@"`)
	j.env["GOBIN"] = j.temp // as where there is no choice
}

// origin is a repository with a context of a few files, in which GitHub merged a pull
// request to test it: base is what it is merged into.
var origin = sync.OnceValues(func() (map[string]string, error) {
	output, err := exec.Command("bash", "-euc", `
		git init -q -b main "$0"
		cp -R testdata/shop/. "$0"
		cd "$0"
		git config user.name a
		git config user.email a@example.com
		git config uploadpack.allowAnySHA1InWant true
		git add -A
		git commit -q -m base
		git rev-parse HEAD
		git checkout -q -b topic
		git commit -q --allow-empty -m topic
		git checkout -q --detach main
		git merge -q --no-ff -m merge topic
		git rev-parse HEAD`, filepath.Join(built, "origin")).Output()
	base, merge, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	return map[string]string{"base": base, "merge": merge}, err
})

// shop checks the merge out, as shallow as actions/checkout does it, and changes it.
func (j *job) shop(change string) {
	j.t.Helper()
	commits, err := origin()
	if err != nil {
		j.t.Fatal(err)
	}
	j.env["GITHUB_SHA"] = commits["merge"]
	j.env["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = commits["base"]
	done := j.run(`
		git init -q .
		git remote add origin "file://$ORIGIN"
		git fetch -q --no-tags --depth=1 origin "$GITHUB_SHA"
		git checkout -q --detach FETCH_HEAD
		`+change, map[string]string{"ORIGIN": filepath.Join(built, "origin")})
	if done.status != 0 {
		j.t.Fatal(done.log)
	}
}

// fat makes the checkout one that no example lets pass: 60 MB more, and a rule that
// does nothing.
const fat = `truncate -s 60000000 dump.bin; echo /node_module >>.dockerignore`
