package verify

import "os/exec"

// ownGroup does nothing: Windows stops programs one by one.
func ownGroup(*exec.Cmd) {}

// interrupt kills: Windows has no interrupt for a program without a console.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Kill() }

// killGroup does nothing: the program itself has ended.
func killGroup(*exec.Cmd) {}
