package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// startTimeout is how long a daemon may take to listen. They take a second or
// two on an idle machine.
const startTimeout = 2 * time.Minute

// daemon is a builder's process and the folder of its state.
type daemon struct {
	cmd    *exec.Cmd
	state  string
	socket string
	exited chan struct{}
}

// startDaemon starts a program that will listen on <name>.sock in a new folder,
// which arguments call $STATE. Its output goes to a log there, which an error
// quotes.
func startDaemon(ctx context.Context, name, program string, args ...string) (*daemon, error) {
	state, err := os.MkdirTemp(stateRoot(), "ctxsize-"+name+"-")
	if err != nil {
		return nil, err
	}
	d := &daemon{state: state, socket: filepath.Join(state, name+".sock"), exited: make(chan struct{})}
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "$STATE", state)
	}
	log, err := os.Create(filepath.Join(state, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	d.cmd = exec.Command(program, args...)
	d.cmd.Stdout, d.cmd.Stderr = log, log
	// A group of its own: an interrupt at the terminal must reach this program
	// alone, which then stops the daemon and removes its state.
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = d.cmd.Wait() // how it ended is told by its log
		close(d.exited)
	}()
	if err := d.await(ctx); err != nil {
		text, _ := os.ReadFile(log.Name())
		d.stop()
		return nil, fmt.Errorf("start %s: %w\n%s", name, err, tail(text, 2000))
	}
	return d, nil
}

// await returns when the socket takes connections.
func (d *daemon) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		if conn, err := net.Dial("unix", d.socket); err == nil {
			return conn.Close()
		}
		select {
		case <-d.exited:
			return errors.New("it exited")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends the process and removes its state.
func (d *daemon) stop() {
	_ = d.cmd.Process.Signal(syscall.SIGTERM) // it may have exited already
	select {
	case <-d.exited:
	case <-time.After(20 * time.Second):
		_ = d.cmd.Process.Kill()
		<-d.exited
	}
	_ = os.RemoveAll(d.state) // it is below the temporary directory
}

func tail(text []byte, n int) []byte {
	return text[max(0, len(text)-n):]
}

// Address is the daemon's, as its client wants it.
func (d *daemon) Address() string { return "unix://" + d.socket }

// stateRoot is where daemons keep their state: in memory where that holds
// extended attributes and enough bytes, else in the temporary directory. The
// databases of a build are synced to disk many times, so that a build of a small
// tree takes 0.02 s in memory and 0.1 s on disk.
func stateRoot() string {
	const memory, enough = "/dev/shm", 1 << 30
	var fs unix.Statfs_t
	if unix.Statfs(memory, &fs) != nil || int64(fs.Bavail)*fs.Bsize < enough {
		return ""
	}
	probe, err := os.CreateTemp(memory, "ctxsize-probe-")
	if err != nil {
		return ""
	}
	defer os.Remove(probe.Name())
	defer probe.Close()
	if unix.Fsetxattr(int(probe.Fd()), "user.probe", []byte("x"), 0) != nil {
		return "" // Linux before 6.6
	}
	return memory
}
