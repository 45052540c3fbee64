package buildcontext

import "fmt"

// Builder is who decides what is sent and what it weighs.
type Builder uint8

const (
	// BuildKit is what docker build runs unless told otherwise: the client sends
	// what the Dockerfile reads, in stat and data packets.
	BuildKit Builder = iota
	// Classic is the builder before BuildKit: the client sends everything that
	// is eligible, as one tar.
	Classic
	// Podman stands for Podman and Buildah: nothing is sent. What is measured is
	// what COPY and ADD copy from the directory.
	Podman
)

// String returns the builder's name on the command line and in JSON.
func (b Builder) String() string {
	switch b {
	case BuildKit:
		return "buildkit"
	case Classic:
		return "classic"
	case Podman:
		return "podman"
	default:
		return fmt.Sprintf("builder %d", uint8(b))
	}
}
