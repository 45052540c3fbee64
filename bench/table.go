package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// The table stands between these two lines.
const (
	begin = "<!-- bench: from here on this is written by bench/ -->"
	end   = "<!-- bench: until here -->"
)

type table struct {
	runs    int
	machine string
	results []result
	empty   spread // milliseconds
}

// markdown writes the table. A ratio below 1 means that ctxsize is faster.
func (t table) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", t.machine)
	fmt.Fprintf(&b, "Ratios of ctxsize to the other program, paired run by run: the median of %d, and in brackets the least and the\n", t.runs)
	fmt.Fprint(&b, "greatest. Below 1, ctxsize is faster. **Bold** is beyond the bar.\n\n")
	fmt.Fprint(&b, "| tree | ctxsize | against | wall | processor time | bar | seconds | peak MiB |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range t.results {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %.2f | %.0f |\n", r.tree, r.what, r.against,
			marked(r.wall, r.bar), marked(r.cpu, r.cpuBar), bars(r.pair), r.first, r.memory)
	}
	if t.empty.median > 0 {
		fmt.Fprintf(&b, "\nAn empty directory, from the start of the process to its end: %.1f ms (%.1f–%.1f); the bar is 15 ms.\n", t.empty.median, t.empty.low, t.empty.high)
	}
	b.WriteString(t.flatness())
	return b.String()
}

func marked(s spread, bar float64) string {
	if bar > 0 && s.median > bar {
		return fmt.Sprintf("**%.2f** (%.2f–%.2f)", s.median, s.low, s.high)
	}
	return s.String()
}

func bars(p pair) string {
	switch {
	case p.bar == 0:
		return ""
	case p.cpuBar == 0:
		return fmt.Sprintf("%.2f", p.bar)
	default:
		return fmt.Sprintf("%.2f, %.2f", p.bar, p.cpuBar)
	}
}

// flatness tells what an entry costs in trees of different size.
func (t table) flatness() string {
	sizes := map[string]float64{"10k": 11e3, "100k": 110e3, "b": 1.1e6, "2m": 2.2e6}
	var costs []string
	var least, most float64
	for _, r := range t.results {
		n := sizes[r.tree]
		if n == 0 || r.what != "sent whole, 50 rules" || !strings.Contains(r.against, "walk -x") {
			continue
		}
		cost := (r.first - t.empty.median/1000) / n * 1e6
		costs = append(costs, fmt.Sprintf("%s %.2f µs", r.tree, cost))
		if least == 0 || cost < least {
			least = cost
		}
		most = max(most, cost)
	}
	if len(costs) < 2 {
		return ""
	}
	return fmt.Sprintf("\nWall per entry, the empty run subtracted: %s; the greatest is %.2f times the least, the bar is 1.3.\n", strings.Join(costs, ", "), most/least)
}

// machine says in one line what was measured on.
func machine() string {
	parts := []string{fmt.Sprintf("%d processors", runtime.NumCPU())}
	if model := field("/proc/cpuinfo", "model name"); model != "" {
		parts[0] += " (" + model + ")"
	}
	if total := field("/proc/meminfo", "MemTotal"); total != "" {
		parts = append(parts, total+" of memory")
	}
	if uname, err := exec.Command("uname", "-sr").Output(); err == nil {
		parts = append(parts, strings.TrimSpace(string(uname)))
	}
	if build, ok := debug.ReadBuildInfo(); ok {
		parts = append(parts, build.GoVersion)
	}
	return strings.Join(parts, ", ") + ". Warm cache; other work may have run beside it."
}

// field returns what stands behind a name and a colon in a file of /proc.
func field(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if key, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.Join(strings.Fields(value), " ")
		}
	}
	return ""
}

// writeInto replaces what stands between the two marks of a file.
func (t table) writeInto(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	lines := strings.Split(string(data), "\n")
	from, to := slices.Index(lines, begin), slices.Index(lines, end)
	if from < 0 || to < from {
		return fmt.Errorf("%s has no lines %q and %q", file, begin, end)
	}
	text := strings.Join(lines[:from+1], "\n") + "\n\n" + t.markdown() + "\n" + strings.Join(lines[to:], "\n")
	return os.WriteFile(file, []byte(text), 0o644)
}
