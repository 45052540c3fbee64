package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == "-naive" {
		exit(naive(os.Args[3], os.Args[2]))
	}
	var o options
	flag.StringVar(&o.dir, "dir", filepath.Join(os.TempDir(), "ctxsize-bench"), "where the trees and the programs are kept")
	flag.StringVar(&o.trees, "trees", "a,b,d,10k,100k,2m,empty", "which trees are measured")
	flag.StringVar(&o.only, "only", "", "measure only pairs with this text in their description")
	flag.IntVar(&o.runs, "n", 7, "how many runs of each pair count")
	flag.StringVar(&o.write, "write", "", "write the table into this file, between its two marks")
	flag.Parse()
	exit(bench(o))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

type options struct {
	dir, trees, only, write string
	runs                    int
}

func bench(o options) error {
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "trees"), 0o755); err != nil {
		return err
	}
	programs, err := build(dir)
	if err != nil {
		return err
	}
	rules, err := writeRules(dir)
	if err != nil {
		return err
	}
	t := table{runs: o.runs, machine: machine()}
	for name := range strings.SplitSeq(o.trees, ",") {
		at, err := makeTree(filepath.Join(dir, "trees"), name)
		if err != nil {
			return err
		}
		if name == "empty" {
			if t.empty, err = emptyRuns(programs, at, max(o.runs, 20)); err != nil {
				return err
			}
			continue
		}
		for _, p := range pairsOf(programs, name, at, rules) {
			if !strings.Contains(p.what+" "+p.against, o.only) {
				continue
			}
			runs := o.runs
			if p.slow {
				runs = min(runs, 3)
			}
			r, err := p.measure(runs)
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%s: %s against %s: wall %v, processor %v, %.2f s, %.0f MiB\n", name, p.what, p.against, r.wall, r.cpu, r.first, r.memory)
			t.results = append(t.results, r)
		}
	}
	if len(t.results) == 0 && t.empty.median == 0 {
		return errors.New("nothing was measured")
	}
	if o.write != "" {
		return t.writeInto(o.write)
	}
	fmt.Print(t.markdown())
	return nil
}

// emptyRuns returns how many milliseconds a run in an empty directory takes.
func emptyRuns(p *programs, dir string, n int) (spread, error) {
	var walls []float64
	for range n + 1 {
		s, err := run(dir, []string{p.ctxsize, "--format", "json", "."})
		if err != nil {
			return spread{}, err
		}
		walls = append(walls, s.wall.Seconds()*1000)
	}
	return spreadOf(walls[1:]), nil
}
