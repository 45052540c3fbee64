package suggest

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Update tells the tests to rewrite what they expect.
var Update = flag.Bool("update", false, "rewrite what is expected")

const rulesPage = "../docs/rules.md"

const pageHead = `# What ctxsize knows

<!-- Made from the catalogue: go test ./suggest -run TestRulesPage -update -->

Each rule knows one artifact that tools, people or crashes leave in a directory.
It looks for a name, and then for proof: a file beside it, above it or inside it,
or what the file begins with. What is proved is proposed where no instruction of a
Dockerfile names it and no exception of the ignore file is about it:

* **safe** is written by ` + "`ctxsize fix`" + `, unless git tracks the artifact, a ` + "`RUN`" + `
  line names the file or reads in the directory what none makes, or an ` + "`ENV`" + `,
  ` + "`ENTRYPOINT`, `CMD` or `HEALTHCHECK`" + ` names what no stage of the container makes, or
  it lies among the data of tests: then it is for review;
* **review** is written with ` + "`--include review`" + ` or ` + "`--include ID`" + `, and not proposed
  where git tracks the artifact, unless it is of the kind that is meant to be
  tracked;
* **never** is only recognized, to tell what weighs: it is wanted as often as not.

Where a directory must stay, because the application does not make it or git tracks
what keeps it, ` + "`all in`" + ` stands before its name: what lies in there and does not begin
with a dot goes, but for what git tracks. The line is ` + "`storage/[0-9A-Za-z_]*`" + `.

Editor, operating system and version control metadata is safe even where git
tracks it. ` + "`--exclude ID`" + ` makes an artifact stay.
`

const secretsHead = `
## Secrets that are sent

Looked for in files that a build sends. Names make candidates, content decides; no
secret is printed. Directories of packages (` + "`node_modules`, `vendor`, `site-packages`" + ` …)
and of tests and examples are left out: the keys there open nothing. What does no
harm elsewhere is accepted with a reason ([the configuration](check.md#the-configuration)).

| rule | names | what is looked for |
| --- | --- | --- |
`

// TestRulesPage wants docs/rules.md to say what the code does.
func TestRulesPage(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(pageHead)
	for _, class := range classOrder {
		fmt.Fprintf(&b, "\n## %s\n\n| rule | what it is | names | proved by | made again by | risk | level |\n| --- | --- | --- | --- | --- | --- | --- |\n", class)
		for _, r := range catalogue {
			if r.Class != class {
				continue
			}
			names := codes(r.Names)
			if r.mark != "" {
				names = "any"
			}
			if r.Contents {
				names = "all in " + names
			}
			level := r.Level.String()
			if r.Committed {
				level += ", tracked or not"
			}
			if r.Ignored {
				level += ", where git ignores it"
			}
			if r.Remade != nil {
				level += "; safe where each Dockerfile makes it again"
			}
			fmt.Fprintf(&b, "| <a id=\"%s\"></a>`%s` | %s | %s | %s | %s | %s | %s |\n", r.ID, r.ID, r.Title, names, cell(r.proof.says), r.Again, r.Risk, level)
		}
	}
	b.WriteString(secretsHead)
	for _, r := range secretRules {
		names := codes(r.Names)
		if r.Form != "" {
			names += " with " + r.Form
		}
		if len(r.Not) > 0 {
			names += "; not " + codes(r.Not)
		}
		fmt.Fprintf(&b, "| <a id=\"secret-%s\"></a>`%s` | %s | %s |\n", r.ID, r.ID, names, r.Content)
	}
	if *Update {
		if err := os.WriteFile(rulesPage, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	page, err := os.ReadFile(rulesPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != b.String() {
		t.Errorf("%s is not what the catalogue says: go test ./suggest -run TestRulesPage -update", rulesPage)
	}
}

func codes(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(cell(name))
	}
	return strings.Join(quoted, " ")
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
