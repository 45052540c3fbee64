package suggest_test

import (
	"context"
	"fmt"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/treetest"
	"github.com/ctxsize/ctxsize/suggest"
)

func Example() {
	tree := &treetest.Tree{} // any source will do
	tree.Text("package.json", "{}")
	tree.File("node_modules/left-pad/index.js", 5_000, "")
	tree.File("dist/app.js", 900, "")

	ctx := context.Background()
	inventory, err := buildcontext.Scan(ctx, tree, buildcontext.ScanOptions{})
	if err != nil {
		panic(err)
	}
	selection, err := buildcontext.Select(inventory, buildcontext.Request{})
	if err != nil {
		panic(err)
	}
	all, err := suggest.Propose(ctx, suggest.Facts{Source: tree, Selection: selection})
	if err != nil {
		panic(err)
	}
	var safe []suggest.Suggestion
	for _, s := range all {
		fmt.Printf("%-6s  %s: %s, %d bytes\n", s.Confidence, s.Pattern, s.Why, s.Bytes)
		if s.Confidence.Safe() {
			safe = append(safe, s)
		}
	}
	fmt.Printf("%s", suggest.Patch(nil, safe))
	// Output:
	// safe    **/node_modules: package.json beside it; npm install makes it again, 5000 bytes
	// review  dist: package.json beside it; a build makes it again, 900 bytes
	// # Added by ctxsize: what the build does not need
	// **/node_modules
}
