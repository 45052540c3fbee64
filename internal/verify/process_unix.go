//go:build unix

package verify

import (
	"os/exec"
	"syscall"
)

// ownGroup puts a program into a process group of its own. An interrupt at the
// terminal then reaches this program alone, which stops the other; and what the
// other has started (docker starts its plug-in) can be stopped with it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func interrupt(cmd *exec.Cmd) error {
	return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
}

// killGroup ends what a program has left behind.
func killGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // mostly nobody is left
}
