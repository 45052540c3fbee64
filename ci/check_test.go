package ci

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stub stands for ctxsize: it notes its arguments, says its format on standard
// output, and exits as STATUS says, or STATUS_format.
const stub = `printf '%s\n' "$@" >>"$RUNNER_TEMP/calls"
echo >>"$RUNNER_TEMP/calls"
for format; do [ "$before" != --format ] || break; before=$format; done
status=STATUS_$format
status=${!status:-${STATUS:-0}}
if [ "$status" -ge 2 ]; then
	printf 'error: 100%% of ::error::%s is broken\nhint: mend it\n' "$format" >&2
	exit "$status"
fi
echo "note for $format" >&2
case $format in
text) printf 'PASS\n::error::a file of this name\n' ;;
github) echo '::warning title=ctxsize::grown' ;;
markdown) printf '<!-- ctxsize:check -->\n### Report\n' ;;
*) echo "{\"format\": \"$format\"}" ;;
esac
exit "$status"
`

func check(j *job, inputs map[string]string) step {
	j.t.Helper()
	env := map[string]string{"PROGRAM": j.put("bin/ctxsize", "#!/usr/bin/env bash\n"+stub)}
	for _, name := range []string{"PATH", "ARGS", "CONFIG", "AGAINST", "SARIF"} {
		env["INPUT_"+name] = ""
	}
	maps.Copy(env, inputs)
	s := j.script("check.sh", env)
	if s.status != 0 {
		j.t.Errorf("exit status %d:\n%s", s.status, s.log)
	}
	return s
}

// calls are the arguments of each run of the stub.
func (j *job) calls() []string {
	return strings.Split(strings.TrimSuffix(j.read(filepath.Join(j.temp, "calls")), "\n\n"), "\n\n")
}

func TestCheckFormats(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"0", "1"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, "push", map[string]any{})
			s := check(j, map[string]string{"STATUS": status, "INPUT_SARIF": "true"})
			report, sarif := filepath.Join(j.temp, "ctxsize", "report.md"), filepath.Join(j.temp, "ctxsize", "ctxsize.sarif")
			if diff := cmp.Diff(map[string]string{"status": status, "report": report, "sarif": sarif}, s.outputs); diff != "" {
				t.Errorf("outputs: %s", diff)
			}
			if diff := cmp.Diff(marker+"### Report\n", j.summary()); diff != "" {
				t.Errorf("summary: %s", diff)
			}
			if j.read(report) != j.summary() || j.read(sarif) != "{\"format\": \"sarif\"}\n" {
				t.Errorf("report %q, sarif %q", j.read(report), j.read(sarif))
			}
			// The runner must take no command out of what people read, and all of
			// the annotations.
			head, rest, _ := strings.Cut(s.log, "\n")
			token, ok := strings.CutPrefix(head, "::stop-commands::")
			people, commands, ended := strings.Cut(rest, "::"+token+"::\n")
			if !ok || len(token) != 32 || !ended || !strings.Contains(people, "::error::a file") || !strings.Contains(people, "note for text") ||
				commands != "::warning title=ctxsize::grown\n" {
				t.Errorf("log:\n%s", s.log)
			}
		})
	}
}

func TestCheckWithoutSARIF(t *testing.T) {
	t.Parallel()
	j := newJob(t, "push", map[string]any{})
	s := check(j, map[string]string{"INPUT_SARIF": "false"})
	if len(j.calls()) != 3 || s.outputs["sarif"] != "" {
		t.Errorf("%d runs, sarif %q", len(j.calls()), s.outputs["sarif"])
	}
}

func TestCheckThatCannotMeasure(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		inputs map[string]string
		status string
		says   string
	}{
		{"from the start", map[string]string{"STATUS": "2"}, "2", "error: 100% of ::error::text is broken"},
		{"in one format", map[string]string{"STATUS": "1", "STATUS_markdown": "2"}, "2", "error: 100% of ::error::markdown is broken"},
		{"killed", map[string]string{"STATUS_sarif": "137"}, "137", "error: 100% of ::error::sarif is broken"},
		{"a quote that does not end", map[string]string{"INPUT_ARGS": `--max-size "5MB`}, "2", "error: the input args is no list of words: xargs: "},
		{"no base", map[string]string{"INPUT_AGAINST": "base"}, "2", "error: the base of this run cannot be had"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, "push", map[string]any{})
			test.inputs["INPUT_SARIF"] = "true"
			s := check(j, test.inputs)
			if s.outputs["status"] != test.status || s.outputs["sarif"] != "" {
				t.Errorf("outputs %q", s.outputs)
			}
			if !strings.HasPrefix(j.summary(), marker+"### ctxsize could not check the context\n\n    "+test.says) {
				t.Errorf("summary:\n%s", j.summary())
			}
			escaped := strings.ReplaceAll(test.says, "%", "%25")
			if !strings.Contains(s.log, "\n::error title=ctxsize could not check the context::"+escaped) {
				t.Errorf("log:\n%s", s.log)
			}
			for line := range strings.Lines(strings.TrimPrefix(j.summary(), marker+"### ctxsize could not check the context\n\n")) {
				if !strings.HasPrefix(line, "    ") {
					t.Errorf("%q leaves the block of code", line)
				}
			}
		})
	}
}

func TestCheckArguments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		inputs map[string]string
		want   string
	}{
		{"none", nil, ""},
		{"blank", map[string]string{"INPUT_ARGS": " \n\t "}, ""},
		{
			"words of a folded block",
			map[string]string{"INPUT_ARGS": "--max-size 50MB\n--target 'my stage' --build-arg=\"A=it's\"\n"},
			"--max-size 50MB --target my\u00a0stage --build-arg=A=it's",
		},
		{
			"nothing expands",
			map[string]string{"INPUT_ARGS": "$(touch pwned) ; `touch pwned` * ~ $HOME", "INPUT_PATH": "$(touch pwned) *"},
			"$(touch pwned) ; `touch pwned` * ~ $HOME | -- $(touch\u00a0pwned)\u00a0*",
		},
		{
			"a path like an option",
			map[string]string{"INPUT_PATH": "--help", "INPUT_CONFIG": "my file.yaml", "INPUT_AGAINST": "origin/main"},
			"--config my\u00a0file.yaml --against origin/main | -- --help",
		},
		{"a path from the root of the disk", map[string]string{"INPUT_PATH": "WORKSPACE/app"}, " | -- app"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, "push", map[string]any{})
			if path, ok := test.inputs["INPUT_PATH"]; ok {
				test.inputs["INPUT_PATH"] = strings.Replace(path, "WORKSPACE", j.dir, 1)
			}
			check(j, test.inputs)
			options, path, _ := strings.Cut(test.want, " | ")
			want := strings.Fields("check --progress none " + strings.ReplaceAll(options, "\u00a0", "_") + " --format text " + strings.ReplaceAll(path, "\u00a0", "_"))
			got := strings.Split(strings.ReplaceAll(j.calls()[0], " ", "_"), "\n")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if _, err := os.Stat(filepath.Join(j.dir, "pwned")); err == nil {
				t.Error("an input ran")
			}
		})
	}
}

// history makes a repository in which a pull request is merged as GitHub does it to
// test it, and names its commits: old and new, what the base was and is; head, the
// pull request; merge.
const history = `
exec >/dev/null
cd "$RUNNER_TEMP"
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
git init -q -b main origin
cd origin
git config uploadpack.allowAnySHA1InWant true
commit() { git commit -q --allow-empty -m "$1" && git tag "$1"; }
commit root && commit old
git checkout -q -b topic
commit head
git checkout -q main
commit new
git checkout -q --detach
git merge -q --no-ff -m "parent of nothing" topic
git tag merge
for name in root old head new merge; do
	echo "$name=$(git rev-parse "$name")" >>"$GITHUB_OUTPUT"
done
`

func TestCheckAgainstBase(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		clone string // what is checked out, with its depth
		event func(commits map[string]string) (name string, event any)
		want  string // "" where there is none
	}{
		{"pull request", "merge 1", pullRequestOnto("old"), "new"},
		{"pull request, all of it", "merge 100", pullRequestOnto("old"), "new"},
		{"pull request whose head is checked out", "head 1", pullRequestOnto("old"), "old"},
		{"push", "new 1", push("old"), "old"},
		{"push of several commits", "new 1", push("root"), "root"},
		{"push of a new branch", "head 1", push(""), "old"},
		{"first commit of all", "root 1", push(""), ""},
		{"merge group", "merge 1", func(c map[string]string) (string, any) {
			return "merge_group", map[string]any{"merge_group": map[string]any{"base_sha": c["new"]}}
		}, "new"},
		{"by hand", "new 1", func(map[string]string) (string, any) { return "workflow_dispatch", map[string]any{} }, "old"},
		{"a commit that is gone", "new 1", func(map[string]string) (string, any) {
			return "push", map[string]any{"before": strings.Repeat("12", 20)}
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			origin := newJob(t, "push", map[string]any{})
			commits := origin.run(history, nil).outputs
			name, event := test.event(commits)
			j := newJob(t, name, event)
			what, depth, _ := strings.Cut(test.clone, " ")
			// As actions/checkout fetches it.
			cloned := j.run(`git init -q . && git remote add origin "$URL" &&
				git fetch -q --no-tags --depth="$DEPTH" origin "$COMMIT" && git checkout -q --detach FETCH_HEAD`, map[string]string{
				"URL": "file://" + filepath.Join(origin.temp, "origin"), "DEPTH": depth, "COMMIT": commits[what],
			})
			if cloned.status != 0 {
				t.Fatal(cloned.log)
			}
			j.env["GITHUB_SHA"] = commits["merge"]
			s := check(j, map[string]string{"INPUT_AGAINST": "base"})
			if test.want == "" {
				if s.outputs["status"] != "2" {
					t.Errorf("status %s:\n%s", s.outputs["status"], s.log)
				}
				return
			}
			if want := "--against\n" + commits[test.want] + "\n"; !strings.Contains(j.calls()[0], want) {
				t.Errorf("called with %q, want %q of %v", j.calls()[0], want, commits)
			}
			if have := j.run(`git cat-file -e "$COMMIT:"`, map[string]string{"COMMIT": commits[test.want]}); have.status != 0 {
				t.Errorf("it was not fetched: %s", have.log)
			}
		})
	}
}

func pullRequestOnto(base string) func(map[string]string) (string, any) {
	return func(commits map[string]string) (string, any) {
		return "pull_request", map[string]any{"pull_request": map[string]any{"number": 7, "base": map[string]any{"sha": commits[base]}}}
	}
}

// push is the event of a push; GitHub has zeros for the commit before a new branch.
func push(before string) func(map[string]string) (string, any) {
	return func(commits map[string]string) (string, any) {
		if before == "" {
			return "push", map[string]any{"before": strings.Repeat("0", 40)}
		}
		return "push", map[string]any{"before": commits[before]}
	}
}
