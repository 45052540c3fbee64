package verify

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTail(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	var last []string
	for i := range 100 {
		s := strconv.Itoa(i)
		many.WriteString(s + "\n")
		if i >= 100-tailLines {
			last = append(last, s)
		}
	}
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"no end", "a\nb", []string{"a", "b"}},
		{"blank lines and carriage returns", "a\r\n\n \nb\n", []string{"a", "b"}},
		{"many lines", many.String(), last},
		{"a long line", strings.Repeat("x", 3*tailLength) + "\n", []string{strings.Repeat("x", tailLength)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got tail
			for part := range strings.SplitSeq(tt.text, "") {
				_, _ = got.Write([]byte(part)) // it never fails
			}
			if all := got.all(); len(all)+len(tt.want) > 0 && !reflect.DeepEqual(all, tt.want) {
				t.Errorf("got %q, want %q", all, tt.want)
			}
		})
	}
}

// TestRunStopsDescendants: docker starts its plug-in as a program of its own,
// which must not outlive it.
func TestRunStopsDescendants(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows stops programs one by one")
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	reason := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	r, w := io.Pipe()
	c := &child{program: shell, args: []string{"-c", "trap '' INT; (sleep 600; echo survived) & echo begun; wait"}}
	ended := make(chan error, 1)
	go func() {
		ended <- c.run(ctx, w, io.Discard)
		_ = w.Close() // a pipe's writer always closes
	}()
	if line := make([]byte, 6); readFull(r, line) != "begun\n" {
		t.Fatalf("the program wrote %q", line)
	}
	cancel(reason)
	go func() { _, _ = io.Copy(io.Discard, r) }() // ends with the pipe
	select {
	case err := <-ended:
		if !errors.Is(err, reason) {
			t.Errorf("ended with %v, want the reason", err)
		}
	case <-time.After(10 * patience):
		t.Error("it runs on")
	}
}

func readFull(r io.Reader, into []byte) string {
	n, _ := io.ReadFull(r, into) // what is missing shows
	return string(into[:n])
}
