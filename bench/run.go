package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// sample is what one run took.
type sample struct {
	wall, cpu time.Duration
	memory    int64 // peak, in bytes
}

// run runs a program once. What it prints is thrown away, and its status is
// nobody's business but 0 and 1: a check may say no.
func run(dir string, command []string) (sample, error) {
	cmd := exec.Command(command[0], command[1:]...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return sample{}, err
	}
	defer null.Close()
	cmd.Stdout = null
	start := time.Now()
	err = cmd.Run()
	wall := time.Since(start)
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 || cmd.ProcessState.ExitCode() < 0 {
		return sample{}, fmt.Errorf("%q: %w\n%s", command, err, stderr.Bytes())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return sample{}, errors.New("this system does not tell what a program used")
	}
	return sample{
		wall:   wall,
		cpu:    cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		memory: usage.Maxrss << 10,
	}, nil
}

// spread is the median of some numbers, and between what they lie.
type spread struct{ median, low, high float64 }

func spreadOf(values []float64) spread {
	slices.Sort(values)
	n := len(values)
	return spread{(values[(n-1)/2] + values[n/2]) / 2, values[0], values[n-1]}
}

func (s spread) String() string { return fmt.Sprintf("%.2f (%.2f–%.2f)", s.median, s.low, s.high) }

// result is what a pair came to.
type result struct {
	pair
	wall, cpu spread // of the ratios, run by run
	// first and second are the medians of the walls in seconds, memory the most of
	// the first program in MiB.
	first, second, memory float64
}

// measure runs both programs once to warm the cache and then n times in turn.
func (p pair) measure(n int) (result, error) {
	r := result{pair: p}
	var walls, cpus, firsts, seconds []float64
	for i := range n + 1 {
		a, err := run(p.dir, p.first)
		if err != nil {
			return r, err
		}
		b, err := run(p.dir, p.second)
		if err != nil {
			return r, err
		}
		if i == 0 {
			continue
		}
		walls = append(walls, a.wall.Seconds()/b.wall.Seconds())
		cpus = append(cpus, a.cpu.Seconds()/b.cpu.Seconds())
		firsts, seconds = append(firsts, a.wall.Seconds()), append(seconds, b.wall.Seconds())
		r.memory = max(r.memory, float64(a.memory)/(1<<20))
	}
	r.wall, r.cpu = spreadOf(walls), spreadOf(cpus)
	r.first, r.second = spreadOf(firsts).median, spreadOf(seconds).median
	return r, nil
}
