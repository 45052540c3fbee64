package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// programs are what is compared.
type programs struct {
	ctxsize, walk, bench string
	gdu                  string // "" where it is not installed
}

// build builds ctxsize, as it is in the directory above, and the reference.
func build(dir string) (*programs, error) {
	p := &programs{ctxsize: filepath.Join(dir, "ctxsize"), walk: filepath.Join(dir, "walk")}
	for _, args := range [][]string{
		{"..", "go", "build", "-trimpath", "-o", p.ctxsize, "./cmd/ctxsize"},
		{".", "cc", "-O2", "-pthread", "-o", p.walk, "reference/walk.c"},
	} {
		cmd := exec.Command(args[1], args[2:]...)
		cmd.Dir, cmd.Stderr = args[0], os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("%q: %w", args[1:], err)
		}
	}
	var err error
	if p.bench, err = os.Executable(); err != nil {
		return nil, err
	}
	if gdu, err := exec.LookPath("gdu"); err == nil {
		p.gdu = gdu
	}
	return p, nil
}
