package dockerfile

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// platform is what containerd/platforms v1.0.0-rc.5 calls one. That package is
// not imported because it brings a logging library with it; the functions below
// follow its platforms.go and database.go, with Linux in place of
// the operating system of this process: the builder parses, not the client.
type platform struct {
	os, arch, variant, version string
	features                   []string
}

var (
	platformPart = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
	platformOS   = regexp.MustCompile(`^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$`)
)

func defaultPlatform() platform {
	return platform{os: "linux", arch: runtime.GOARCH}.normalize()
}

func parsePlatform(s string) (platform, error) {
	var p platform
	if strings.Contains(s, "*") {
		return p, fmt.Errorf("%q: wildcards not yet supported: invalid argument", s)
	}
	parts := strings.SplitN(s, "/", 4)
	options := platformOS.FindStringSubmatch(parts[0])
	if options == nil {
		return p, fmt.Errorf("%q is an invalid OS component of %q: OSAndVersion specifier component must match %q: invalid argument",
			parts[0], s, platformOS)
	}
	p.os = normalizeOS(options[1])
	var err error
	if p.version, err = url.PathUnescape(options[2]); err != nil {
		return p, fmt.Errorf("%q has an invalid OS version %q: %w", s, options[2], err)
	}
	for raw := range strings.SplitSeq(strings.TrimPrefix(options[3], "+"), "+") {
		feature, err := url.PathUnescape(raw)
		if err != nil {
			return p, fmt.Errorf("%q has invalid OS features: invalid os feature %q: %w", s, raw, err)
		}
		if feature != "" {
			p.features = append(p.features, feature)
		}
	}
	for _, part := range parts[1:] {
		if !platformPart.MatchString(part) {
			return p, fmt.Errorf("%q is an invalid component of %q: platform specifier component must match %q: invalid argument",
				part, s, platformPart)
		}
	}
	switch len(parts) {
	case 1:
		if knownOS(p.os) {
			p.arch = runtime.GOARCH
			return p, nil
		}
		p.arch, p.variant = normalizeArch(parts[0], "")
		if p.arch == "arm" && p.variant == "v7" {
			p.variant = ""
		}
		if !knownArch(p.arch) {
			return p, fmt.Errorf("%q: unknown operating system or architecture: invalid argument", s)
		}
		p.os = "linux"
	case 2:
		p.arch, p.variant = normalizeArch(parts[1], "")
		if p.arch == "arm" && p.variant == "v7" {
			p.variant = ""
		}
	case 3:
		p.arch, p.variant = normalizeArch(parts[1], parts[2])
		if p.arch == "arm64" && p.variant == "" {
			p.variant = "v8"
		}
	default:
		return p, fmt.Errorf("%q: cannot parse platform specifier: invalid argument", s)
	}
	return p, nil
}

func (p platform) normalize() platform {
	p.os = normalizeOS(p.os)
	p.arch, p.variant = normalizeArch(p.arch, p.variant)
	p.features = slices.Clone(p.features)
	slices.Sort(p.features)
	p.features = slices.Compact(p.features)
	return p
}

// short is platforms.Format, all is platforms.FormatAll.
func (p platform) short() string { return path.Join(p.os, p.arch, p.variant) }

func (p platform) all() string {
	features := slices.Clone(p.features)
	slices.Sort(features)
	options := []string{escapeOption.Replace(p.version)}
	for _, f := range slices.Compact(features) {
		options = append(options, escapeOption.Replace(f))
	}
	if joined := strings.Join(options, "+"); joined != "" {
		return path.Join(p.os+"("+joined+")", p.arch, p.variant)
	}
	return p.short()
}

var escapeOption = strings.NewReplacer("%", "%25", "+", "%2B", "(", "%28", ")", "%29", "/", "%2F")

func normalizeOS(os string) string {
	switch os = strings.ToLower(os); os {
	case "":
		return "linux"
	case "macos":
		return "darwin"
	}
	return os
}

func normalizeArch(arch, variant string) (string, string) {
	arch, variant = strings.ToLower(arch), strings.ToLower(variant)
	switch arch {
	case "i386":
		return "386", ""
	case "x86_64", "x86-64", "amd64":
		arch = "amd64"
		if variant == "v1" {
			variant = ""
		}
	case "aarch64", "arm64":
		arch = "arm64"
		switch variant {
		case "8", "v8", "v8.0":
			variant = ""
		case "9", "9.0", "v9.0":
			variant = "v9"
		}
	case "armhf":
		return "arm", "v7"
	case "armel":
		return "arm", "v6"
	case "arm":
		switch variant {
		case "", "7":
			variant = "v7"
		case "5", "6", "8":
			variant = "v" + variant
		}
	}
	return arch, variant
}

func knownOS(os string) bool {
	switch os {
	case "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl",
		"netbsd", "openbsd", "plan9", "solaris", "windows", "zos":
		return true
	}
	return false
}

func knownArch(arch string) bool {
	switch arch {
	case "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "ppc64", "ppc64le", "loong64", "mips",
		"mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "riscv", "riscv64", "s390", "s390x",
		"sparc", "sparc64", "wasm":
		return true
	}
	return false
}
