package plan_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ctxsize/ctxsize/internal/config"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// written is an id as the source of this package has it.
var written = regexp.MustCompile(`\bID(?::| =)\s+"([a-z-]+)"`)

// TestAcceptKnowsFindings wants every finding of a measurement to be one that the
// configuration may accept.
func TestAcceptKnowsFindings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range written.FindAllStringSubmatch(string(text), -1) {
			ids[match[1]] = true
		}
	}
	if len(ids) < 10 {
		t.Fatalf("only %d ids are found: %v", len(ids), ids)
	}
	for id := range ids {
		policy := plan.Policy{Accept: []config.Accept{{ID: id, Reason: "a test"}}}
		if err := plan.CheckPolicy(policy); err != nil {
			t.Errorf("%v", err)
		}
	}
}

func TestCheckPolicy(t *testing.T) {
	t.Parallel()
	at := config.Place{File: "c", Line: 2, Column: 3}
	for name, test := range map[string]struct {
		policy plan.Policy
		want   string
	}{
		"nothing":   {plan.Policy{}, ""},
		"a secret":  {plan.Policy{Accept: []config.Accept{{Place: at, ID: "private-key", Path: "**/*.pem"}}}, ""},
		"no id":     {plan.Policy{Accept: []config.Accept{{Place: at, ID: "private-keys"}}}, `c:2:3: there is no finding "private-keys"`},
		"no rule":   {plan.Policy{Severities: []config.Lint{{Place: at, Rule: "dead", Severity: "off"}}}, `c:2:3: there is no rule "dead"`},
		"a pattern": {plan.Policy{Accept: []config.Accept{{Place: at, ID: "secret-sent", Path: "["}}}, "c:2:3: "},
		"a bang":    {plan.Policy{Accept: []config.Accept{{Place: at, ID: "secret-sent", Path: "!a"}}}, `c:2:3: "!a" is an exception`},
	} {
		err := plan.CheckPolicy(test.policy)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)) {
			t.Errorf("%s: %v; want %q", name, err, test.want)
		}
	}
}
