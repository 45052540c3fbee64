// Plant writes developers' machines to a directory, so that real builders can
// build them: each as a directory of its own, once with the Dockerfile that it has
// and once, as NAME-named, with one that copies what it copies by name.
//
//	go run ./internal/treetest/machines/plant SEED DIR
//
// No file is larger than a few kilobytes: what proves an artifact stays, and nobody
// waits for what it weighs.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ctxsize/ctxsize/internal/treetest/machines"
)

// largest is how many bytes of a file are planted.
const largest = 8 << 10

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "plant:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: plant SEED DIR")
	}
	seed, err := strconv.ParseUint(args[0], 10, 64)
	if err != nil {
		return err
	}
	for _, m := range machines.All(seed) {
		offline := m.Offline()
		if err := plant(m, filepath.Join(args[1], m.Name), offline); err != nil {
			return err
		}
		if named := byName(m, offline); named != offline {
			if err := plant(m, filepath.Join(args[1], m.Name+"-named"), named); err != nil {
				return err
			}
		}
	}
	return nil
}

// plant writes one machine, its files cut off and with another Dockerfile.
func plant(m *machines.Machine, dir, dockerfile string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := m.Tree.Write(dir); err != nil {
		return err
	}
	for _, path := range m.Tree.Paths() {
		full := filepath.Join(dir, filepath.FromSlash(path))
		info, err := os.Lstat(full)
		if err != nil {
			return err
		}
		if info.Mode().IsRegular() && info.Size() > largest {
			if err := os.Truncate(full, largest); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(dockerfile), 0o644)
}

// byName copies in the place of the whole context everything at its top that must
// stay.
func byName(m *machines.Machine, dockerfile string) string {
	var names []string
	for _, path := range m.Tree.Paths() {
		name, _, _ := strings.Cut(path, "/")
		if m.Fate(path) == machines.Stay && name != ".git" && name != "Dockerfile" && !slices.Contains(names, name) && !strings.ContainsAny(name, " *?[") {
			names = append(names, name)
		}
	}
	var lines []string
	for line := range strings.Lines(dockerfile) {
		if line = strings.TrimSpace(line); line == "COPY . ." {
			line = "COPY " + strings.Join(names, " ") + " ./"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n") + "\n"
}
