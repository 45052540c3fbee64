package main

// pair is two programs that do comparable work on one tree.
type pair struct {
	tree          string
	what, against string
	// bar is what the ratio of the walls should not exceed, 0 for none; cpuBar that
	// of the processor times.
	bar, cpuBar float64
	dir         string
	first       []string
	second      []string
	// slow pairs run three times and no more.
	slow bool
}

// pairsOf returns the pairs of one tree.
func pairsOf(p *programs, tree, dir string, rules map[string]string) []pair {
	ctxsize := func(list string, args ...string) []string {
		return append(append([]string{p.ctxsize}, args...), "-f", rules[list], ".")
	}
	json := func(list string) []string { return ctxsize(list, "--format", "json") }
	reference := func(args ...string) []string { return append(append([]string{p.walk}, args...), ".") }
	du := []string{"du", "-s", "--apparent-size", "."}
	gdu := []string{p.gdu, "-n", "-p", "-s", "."}
	check := ctxsize("ignored", "check", "--max-size", "1TB")

	var all []pair
	add := func(what, against string, bar, cpuBar float64, first, second []string) {
		if second[0] != "" {
			all = append(all, pair{tree: tree, what: what, against: against, bar: bar, cpuBar: cpuBar, dir: dir, first: first, second: second})
		}
	}
	switch tree {
	case "a", "b", "d":
		add("sent whole, 50 rules", "C reference, `walk -x`", 1.15, 1.2, json("rules50"), reference("-x"))
		add("sent whole, 200 rules", "C reference, `walk -x`", 1.25, 0, json("rules200"), reference("-x"))
		add("sent whole, 50 rules", "`du -s --apparent-size`", 0.7, 0, json("rules50"), du)
		add("sent whole, 50 rules", "`gdu -n -p -s`", 0.7, 0, json("rules50"), gdu)
	case "10k", "100k", "2m":
		add("sent whole, 50 rules", "C reference, `walk -x`", 0, 0, json("rules50"), reference("-x"))
	}
	if tree == "a" || tree == "b" {
		add("80 % or more ignored", "C reference, `walk`", 1.15, 0, json("ignored"), reference())
		add("80 % or more ignored", "`du -s --apparent-size`", 0.5, 0, json("ignored"), du)
		add("80 % or more ignored", "`gdu -n -p -s`", 0.5, 0, json("ignored"), gdu)
		add("`check`, 80 % or more ignored", "C reference, `walk`", 0.35, 0, check, reference())
		add("sent whole, 50 rules", "`filepath.WalkDir` and moby's matcher", 0.06, 0, json("rules50"), []string{p.bench, "-naive", rules["rules50"] + ".dockerignore", "."})
		all[len(all)-1].slow = true
	}
	if tree == "b" {
		json50 := json("rules50")
		add("`ls`", "measuring", 1.5, 0, ctxsize("rules50", "ls"), json50)
		add("`fix --dry-run`", "measuring", 1.5, 0, ctxsize("rules50", "fix", "--dry-run"), json50)
		add("`lint`", "measuring", 1.5, 0, ctxsize("rules50", "lint"), json50)
		add("`explain`", "measuring", 1.5, 0, []string{p.ctxsize, "explain", "-f", rules["rules50"], "--context", ".", "part0"}, json50)
	}
	return all
}
