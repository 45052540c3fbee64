package ci

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// commentOn runs the step with a report, against the stub.
func commentOn(t *testing.T, h *hub, report string) (*job, step) {
	t.Helper()
	j := newJob(t, "pull_request", pullRequest)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return j, postComment(j, server.URL, report)
}

func postComment(j *job, api, report string) step {
	j.t.Helper()
	j.program("sleep", "") // nobody waits for a stub
	path := j.put("ctxsize/report.md", report)
	s := j.script("comment.sh", map[string]string{
		"GITHUB_API_URL": api, "GITHUB_GRAPHQL_URL": api + "/graphql", "TOKEN": "secret-token", "REPORT": path,
	})
	if s.status != 0 || strings.Contains(s.log, "secret-token") {
		j.t.Errorf("exit status %d:\n%s", s.status, s.log)
	}
	return s
}

func TestCommentIsKeptUpToDate(t *testing.T) {
	t.Parallel()
	h := &hub{}
	first := marker + "50MB\n\n`$(touch pwned)` \"quoted\" \\ 100 % ünï\n"
	_, s := commentOn(t, h, first)
	if diff := cmp.Diff([]string{us + ": " + first}, h.bodies()); diff != "" {
		t.Errorf("first run: %s", diff)
	}
	if !strings.Contains(s.log, "#issuecomment-3000000000\n") {
		t.Errorf("the log does not name the comment:\n%s", s.log)
	}
	h.add(by("ann", "thanks"))
	commentOn(t, h, marker+"40MB")
	if diff := cmp.Diff([]string{us + ": " + marker + "40MB", "ann: thanks"}, h.bodies()); diff != "" {
		t.Errorf("second run: %s", diff)
	}
}

func TestCommentIsOurs(t *testing.T) {
	t.Parallel()
	h := &hub{}
	for i := range 230 {
		h.add(by("ann", fmt.Sprint(i)))
	}
	h.add(
		by("ann", marker+"I copied this"),
		by("other[bot]", marker+"me, too"),
		by("github-actions", marker+"a person, not the bot"),
		by(us, "another action of ours\n"+marker),
		by(us, marker+"old"),
		by(us, marker+"a second one is left alone"),
	)
	want := h.bodies()
	want[234] = us + ": " + marker + "new"
	commentOn(t, h, marker+"new")
	if diff := cmp.Diff(want, h.bodies()); diff != "" {
		t.Error(diff)
	}
}

func TestCommentAtTheEndOfAPage(t *testing.T) {
	t.Parallel()
	h := &hub{}
	for i := range 200 {
		h.add(by("ann", fmt.Sprint(i)))
	}
	commentOn(t, h, marker+"new")
	if last := h.bodies()[len(h.comments)-1]; len(h.comments) != 201 || last != us+": "+marker+"new" {
		t.Errorf("%d comments, the last is %q", len(h.comments), last)
	}
}

func TestCommentRefused(t *testing.T) {
	t.Parallel()
	always := func(code int) func(string, string) int { return func(string, string) int { return code } }
	writing := func(code int) func(string, string) int {
		return func(method, path string) int {
			if method == http.MethodGet || path == "/graphql" {
				return 0
			}
			return code
		}
	}
	for _, test := range []struct {
		name             string
		refuse           func(method, path string) int
		comments         []comment
		asked            int
		annotation, says string
	}{
		{"fork", writing(403), nil, 3, "::notice ", "On a pull request from a fork it can only read"},
		{"fork with a comment of ours", writing(403), []comment{by(us, marker)}, 3, "::notice ", "On a pull request from a fork it can only read"},
		{"no permission to read", always(403), nil, 1, "::notice ", `the permission "pull-requests: write"`},
		{"locked", writing(422), nil, 3, "::warning ", "GitHub's API answers 422"},
		{"down", always(503), nil, 4, "::warning ", "GitHub's API answers 503"},
		{"busy", always(429), nil, 4, "::warning ", "GitHub's API answers 429"},
		{"a page that is no JSON", func(method, _ string) int {
			if method == http.MethodGet {
				return 203
			}
			return 0
		}, nil, 2, "::warning ", "and not what was expected"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := &hub{refuse: test.refuse}
			h.add(test.comments...)
			before := h.bodies()
			j, s := commentOn(t, h, marker+"new")
			if len(h.asked) != test.asked {
				t.Errorf("asked %q, want %d", h.asked, test.asked)
			}
			if !strings.Contains(s.log, test.annotation) || !strings.Contains(s.log, test.says) {
				t.Errorf("log:\n%s", s.log)
			}
			if !strings.Contains(j.summary(), "> This report is not in a comment of the pull request: ") || !strings.Contains(j.summary(), test.says) {
				t.Errorf("summary:\n%s", j.summary())
			}
			if diff := cmp.Diff(before, h.bodies()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCommentTriedAgain(t *testing.T) {
	t.Parallel()
	failures := 2
	h := &hub{refuse: func(method, _ string) int {
		if method == http.MethodPost && failures > 0 {
			failures--
			return 502
		}
		return 0
	}}
	j, s := commentOn(t, h, marker+"new")
	if diff := cmp.Diff([]string{us + ": " + marker + "new"}, h.bodies()); diff != "" {
		t.Error(diff)
	}
	if j.summary() != "" || strings.Contains(s.log, "::") {
		t.Errorf("complains:\n%s%s", s.log, j.summary())
	}

	// What was written though the answer was lost is not written twice.
	h = &hub{lost: true}
	commentOn(t, h, marker+"new")
	if diff := cmp.Diff([]string{us + ": " + marker + "new"}, h.bodies()); diff != "" {
		t.Error(diff)
	}
}

// TestCommentOnWindows has a jq that ends its lines as the one there does.
func TestCommentOnWindows(t *testing.T) {
	t.Parallel()
	h := &hub{}
	h.add(by("ann", "hello"), by(us, marker+"old"))
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	j := newJob(t, "pull_request", pullRequest)
	tool, err := exec.LookPath("jq")
	if err != nil {
		t.Fatal(err)
	}
	j.program("jq", `set -o pipefail; `+tool+` "$@" | sed 's/$/\r/'`)
	postComment(j, server.URL, marker+"new")
	if diff := cmp.Diff([]string{"ann: hello", us + ": " + marker + "new"}, h.bodies()); diff != "" {
		t.Error(diff)
	}
}

func TestCommentWithoutAnswer(t *testing.T) {
	t.Parallel()
	j := newJob(t, "pull_request", pullRequest)
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	postComment(j, server.URL, marker)
	if !strings.Contains(j.summary(), "GitHub's API gives no answer") {
		t.Errorf("summary:\n%s", j.summary())
	}
}

func TestCommentOfAnotherEvent(t *testing.T) {
	t.Parallel()
	j := newJob(t, "push", map[string]any{"before": "0123"})
	s := postComment(j, "http://127.0.0.1:1", marker)
	if !strings.Contains(s.log, "not of a pull request") || j.summary() != "" {
		t.Errorf("%s%s", s.log, j.summary())
	}
}

func TestCommentTooLong(t *testing.T) {
	t.Parallel()
	h := &hub{}
	line := strings.Repeat("é", 99) + "\n"
	commentOn(t, h, marker+strings.Repeat(line, 1000))
	body := h.comments[0].Body
	rest, ok := strings.CutSuffix(body, "\n\nThe rest is in the [job summary](https://github.example/team/shop/actions/runs/42).\n")
	if n := len([]rune(body)); !ok || n > 65_536 || n < 60_000 || !strings.HasSuffix(rest, "é") || strings.Count(rest, line)+1 != strings.Count(rest, "\n") {
		t.Errorf("%d characters, ends in %q", n, body[len(body)-200:])
	}
}
