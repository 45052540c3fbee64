package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// manyEntries is how many entries may be looked at in vain before anybody waits
// for it: a client looks at some 100,000 a second.
const manyEntries = 10_000

// exceptionUnpruned finds exceptions on account of which BuildKit's client looks
// at everything that is ignored. One finding stands for all: only without any of
// them does it stop.
func exceptionUnpruned(e *evidence) []Finding {
	if e.docker == nil || e.Builder != buildcontext.BuildKit {
		return nil
	}
	guilty := e.list.PruningSwitchedOff()
	if len(guilty) == 0 {
		return nil
	}
	walked, worst, most := 0, "", 0
	e.Inventory.Each(0, func(in buildcontext.DirID, id buildcontext.ID) bool {
		if !e.closed(id) {
			return true
		}
		sub, _ := e.Inventory.Dir(id)
		n := e.entriesIn(sub)
		walked += n
		if n > most {
			worst, most = e.Inventory.Path(in, id), n
		}
		return false
	})
	if walked == 0 {
		return nil
	}
	var lines []string
	var first *rule
	var all []int
	for i := range e.rules {
		switch r := &e.rules[i]; {
		case !slices.Contains(guilty, r.Rule):
			continue
		case first == nil:
			first = r
		default:
			lines = append(lines, strconv.Itoa(r.line.number))
		}
		all = append(all, i)
	}
	f := e.at(first, finding.Info)
	if walked >= manyEntries {
		f.Severity = finding.Warning
	}
	f.Path, f.WalkedEntries = worst, walked
	f.Message = fmt.Sprintf("for the wildcard in this exception BuildKit looks at every ignored entry: %s in vain, %s in %q", counted(walked, "entry", "entries"), mostOf(most, walked), worst)
	if len(lines) > 0 {
		f.Message += ", as for that in line " + strings.Join(lines, ", ")
	}
	f.Repair = "name the directories without wildcards (!dir/**, !dir/* and !dir/file are quick)"
	if !strings.Contains(first.text, "/") {
		f.Repair = "name the files without wildcards"
	}
	f.Edit, f.Likely = e.spelled(all...), true
	f.Repair = spelledRepair(f.Edit, f.Repair)
	return []Finding{f}
}

func mostOf(n, of int) string {
	if n == of {
		return "all"
	}
	return "most of them"
}

// entriesIn counts what lies below a directory.
func (e *evidence) entriesIn(dir buildcontext.DirID) int {
	first, count := e.Inventory.Entries(dir)
	n := int(count)
	for id := first; id < first+count; id++ {
		if sub, ok := e.Inventory.Dir(id); ok {
			n += e.entriesIn(sub)
		}
	}
	return n
}

// exceptionLost finds exceptions that the classic client does not see, because it
// looks for them below an ignored directory only where their text begins with
// its path. (moby/go-archive, archive.go, Tarballer.Do)
func exceptionLost(e *evidence) []Finding {
	if e.docker == nil || e.classic == nil {
		return nil
	}
	lost := make([]int, len(e.rules))
	example := make([]string, len(e.rules))
	e.eachKept(func(id buildcontext.ID, path, _ string) {
		rule := e.docker.Rule(id)
		if rule < 0 || !e.rules[rule].exception || e.classic.Eligible(id) {
			return
		}
		if lost[rule]++; lost[rule] == 1 {
			example[rule] = path
		}
	})
	var all []Finding
	for i, n := range lost {
		if n == 0 {
			continue
		}
		f := e.at(&e.rules[i], finding.Info)
		if e.Builder == buildcontext.Classic {
			f.Severity = finding.Warning
		}
		f.Path = example[i]
		f.Message = fmt.Sprintf("the classic builder does not see that this brings back %s, such as %q: it enters an ignored directory only where the text of an exception begins with its path", counted(n, "file", "files"), example[i])
		f.Repair = "name the directories in the exception, without wildcards"
		f.Edit, f.Likely = e.spelled(i), true
		f.Repair = spelledRepair(f.Edit, f.Repair)
		all = append(all, f)
	}
	return all
}

// counted returns a count with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
