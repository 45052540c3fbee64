package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // carries the schema
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSARIF holds what lint and check write about every recorded case to the
// standard's own schema.
func TestSARIF(t *testing.T) {
	needRoot(t)
	ctxsize, schema := buildProgram(t), sarifSchema(t)
	for _, c := range recorded(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			planted := plant(t, &c)
			for _, command := range []string{"lint", "check"} {
				cmd := ctxsize.Command(t.Context(), planted, command, "--format", "sarif")
				out, err := cmd.Output()
				if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
					t.Fatal(err)
				}
				if command == "check" && len(out) == 0 {
					continue // the builder refuses, and so there is no number to check
				}
				log, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
				if err != nil {
					t.Fatalf("%s: %v", command, err)
				}
				if err := schema.Validate(log); err != nil {
					t.Errorf("%s: %v", command, err)
				}
			}
		})
	}
}

// sarifSchema reads the schema of the errata of SARIF 2.1.0, which go-sarif has as
// a constant of its own.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text, err := constant(file.Decls[0].(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Values[0])
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("sarif.json", schema); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("sarif.json")
}

// constant returns the value of strings that are put together.
func constant(e ast.Expr) (string, error) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return strconv.Unquote(e.Value)
	case *ast.BinaryExpr:
		left, err := constant(e.X)
		if err != nil {
			return "", err
		}
		right, err := constant(e.Y)
		return left + right, err
	}
	return "", fmt.Errorf("%T is no string", e)
}
