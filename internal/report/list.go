package report

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// ListOptions says what a list holds and how it looks.
type ListOptions struct {
	// Which is "sent", "ignored", "eligible" or "all".
	Which string
	// Sort is "path", for the order in which the builder sends, or "size".
	Sort string
	// Null ends each name with NUL and escapes nothing.
	Null bool
	// Dirs lists directories, too, with a slash at the end.
	Dirs bool
	Tree bool
	Long bool
	JSON bool
	// Make is the target of a make rule.
	Make string
}

// Check refuses what does not go together.
func (o ListOptions) Check() error {
	if !slices.Contains([]string{"sent", "ignored", "eligible", "all"}, o.Which) {
		return fmt.Errorf("--which is sent, ignored, eligible or all, not %q", o.Which)
	}
	if o.Sort != "path" && o.Sort != "size" {
		return fmt.Errorf("--sort is path or size, not %q", o.Sort)
	}
	forms := 0
	for _, on := range []bool{o.Tree, o.Long, o.Null, o.Make != ""} {
		if on {
			forms++
		}
	}
	switch {
	case forms > 1:
		return errors.New("-0, --tree, --long and --make exclude each other")
	case o.Tree && o.Sort == "size":
		return errors.New("--tree keeps the order of the directories: leave out --sort")
	}
	return nil
}

// item is one line of a list.
type item struct {
	id    buildcontext.ID
	path  string
	isDir bool
}

// List writes what a selection sends, or leaves behind.
func List(w io.Writer, sel *buildcontext.Selection, root string, o ListOptions) error {
	items := listed(sel, o)
	if o.Sort == "size" {
		inv := sel.Inventory()
		bySize := func(a, b item) int { return cmp.Compare(inv.Size(b.id), inv.Size(a.id)) }
		items = slices.Values(slices.SortedStableFunc(items, bySize))
	}
	p := &printer{w: w}
	switch {
	case o.JSON:
		return listJSON(w, sel, items)
	case o.Make != "":
		listMake(p, root, o.Make, items, sel.MadeUp())
		return p.err
	case o.Tree:
		listTree(p, items)
	case o.Long:
		listLong(p, sel, items)
	default:
		for i := range items {
			p.printf("%s", ended(i.shown(), o.Null))
		}
	}
	if o.Which == "sent" || o.Which == "all" {
		for _, path := range sel.MadeUp() {
			p.printf("%s", ended(path, o.Null))
		}
	}
	return p.err
}

func ended(name string, null bool) string {
	if null {
		return name + "\x00"
	}
	return Name(name) + "\n"
}

func (i item) shown() string {
	if i.isDir {
		return i.path + "/"
	}
	return i.path
}

// listed goes through what is listed in walk order. It holds none of it.
func listed(sel *buildcontext.Selection, o ListOptions) iter.Seq[item] {
	return func(yield func(item) bool) {
		inv := sel.Inventory()
		more := true
		inv.Walk(0, func(id buildcontext.ID, path string) bool {
			wanted := more
			switch o.Which {
			case "sent":
				wanted = more && sel.Sent(id)
			case "ignored":
				wanted = more && !sel.Eligible(id)
			case "eligible":
				wanted = more && sel.Eligible(id)
			}
			if isDir := inv.Mode(id).IsDir(); wanted && (!isDir || o.Dirs || o.Tree) {
				more = yield(item{id: id, path: path, isDir: isDir})
			}
			return more
		})
	}
}

type listedEntry struct {
	Path string `json:"path"`
	// PathBase64 is the name itself where it is not UTF-8, which JSON cannot say.
	PathBase64 []byte   `json:"pathBase64,omitempty"`
	Type       string   `json:"type"`
	Mode       string   `json:"mode"`
	Bytes      int64    `json:"bytes"`
	Eligible   bool     `json:"eligible"`
	Sent       bool     `json:"sent"`
	Rule       *ruleRef `json:"rule"`
}

// ruleRef names a rule in JSON.
type ruleRef struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Pattern string `json:"pattern"`
}

// listJSON writes one object a line.
func listJSON(w io.Writer, sel *buildcontext.Selection, items iter.Seq[item]) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	inv := sel.Inventory()
	for i := range items {
		entry := listedEntry{
			Path: i.path, Type: typeOf(sel, i.id), Mode: fmt.Sprintf("%#o", inv.Mode(i.id).Perm()), Bytes: inv.Size(i.id),
			Eligible: sel.Eligible(i.id), Sent: sel.Sent(i.id),
		}
		if !utf8.ValidString(i.path) {
			entry.PathBase64 = []byte(i.path)
		}
		if rule := sel.Rule(i.id); rule >= 0 {
			r := sel.Rules()[rule]
			entry.Rule = &ruleRef{File: r.File, Line: r.Line, Pattern: r.Pattern}
		}
		if err := e.Encode(entry); err != nil {
			return err
		}
	}
	for _, path := range sel.MadeUp() {
		if err := e.Encode(listedEntry{Path: path, Type: "file", Mode: "0600", Sent: true}); err != nil {
			return err
		}
	}
	return nil
}

func typeOf(sel *buildcontext.Selection, id buildcontext.ID) string {
	switch mode := sel.Inventory().Mode(id).Type().String(); mode[0] {
	case 'd':
		return "dir"
	case 'L':
		return "link"
	case '-':
		return "file"
	default:
		return "other"
	}
}

func listLong(p *printer, sel *buildcontext.Selection, items iter.Seq[item]) {
	inv := sel.Inventory()
	for i := range items {
		why := ""
		if rule := sel.Rule(i.id); rule >= 0 {
			r := sel.Rules()[rule]
			why = "  " + Name(r.File) + fmt.Sprintf(":%d: ", r.Line) + Name(r.Pattern)
		}
		size := ""
		if !i.isDir {
			size = sel.Builder.Shown(inv.Size(i.id))
		}
		p.printf("%s  %9s  %s%s\n", inv.Mode(i.id), size, Name(i.shown()), why)
	}
}

// listTree draws the items below their directories. Directories of which only
// the content is listed are drawn all the same.
func listTree(p *printer, items iter.Seq[item]) {
	type node struct {
		name     string
		children []*node
	}
	root := &node{}
	dirs := map[string]*node{"": root}
	var dir func(path string) *node
	dir = func(at string) *node {
		if n, ok := dirs[at]; ok {
			return n
		}
		parent, name := path.Split(at)
		n := &node{name: name + "/"}
		up := dir(strings.TrimSuffix(parent, "/"))
		up.children = append(up.children, n)
		dirs[at] = n
		return n
	}
	for i := range items {
		if i.isDir {
			dir(i.path)
			continue
		}
		parent, name := path.Split(i.path)
		up := dir(strings.TrimSuffix(parent, "/"))
		up.children = append(up.children, &node{name: name})
	}
	var draw func(n *node, indent string)
	draw = func(n *node, indent string) {
		for i, c := range n.children {
			branch, below := "├── ", "│   "
			if i == len(n.children)-1 {
				branch, below = "└── ", "    "
			}
			p.printf("%s%s%s\n", indent, branch, Name(c.name))
			draw(c, indent+below)
		}
	}
	p.printf(".\n")
	draw(root, "")
}

// listMake writes a rule whose prerequisites are the items. Make cannot take a
// line feed in a name; such a name is left out with a comment.
func listMake(p *printer, root, target string, items iter.Seq[item], madeUp []string) {
	escape := strings.NewReplacer("$", "$$", "#", `\#`, " ", `\ `, "%", `\%`, ":", `\:`)
	p.printf("%s:", escape.Replace(target))
	var left []string
	for i := range items {
		if strings.ContainsAny(i.path, "\n\r\t") {
			left = append(left, i.path)
			continue
		}
		name := i.path
		if root != "." {
			name = strings.TrimSuffix(root, "/") + "/" + name
		}
		p.printf(" \\\n  %s", escape.Replace(name))
	}
	p.printf("\n")
	for _, name := range left {
		p.printf("# left out, make cannot name it: %s\n", Name(name))
	}
	for _, name := range madeUp {
		p.printf("# left out, the builder makes it up: %s\n", Name(name))
	}
}
