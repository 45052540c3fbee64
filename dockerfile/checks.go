package dockerfile

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// expose follows convert_expose.go : dispatchExpose. Its answer does not matter
// here, its errors do.
func (c *converter) expose(d *stageState, ic *instructions.ExposeCommand) error {
	for _, p := range ic.Ports {
		w := &watch{environ: d.state.env}
		ports, err := c.lex.ProcessWords(p, w)
		if err != nil || w.guess != "" {
			if w.guess != "" {
				continue // a port that depends on the base image
			}
			return err
		}
		for _, port := range ports {
			if err := checkPort(port); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkPort(raw string) error {
	var ip, host string
	port := raw
	if parts := strings.Split(raw, ":"); len(parts) > 1 {
		n := len(parts)
		ip, host, port = strings.Join(parts[:n-2], ":"), parts[n-2], parts[n-1]
	}
	port, proto, _ := strings.Cut(port, "/")
	if port == "" {
		return fmt.Errorf("invalid port: %q: no port specified", raw)
	}
	switch strings.ToLower(proto) {
	case "", "tcp", "udp", "sctp":
	default:
		return fmt.Errorf("invalid port: %q: invalid proto: %s", raw, proto)
	}
	if strings.HasPrefix(ip, "[") {
		inner, _, err := net.SplitHostPort(ip + ":")
		if err != nil {
			return fmt.Errorf("invalid IP address %v: %w", ip, err)
		}
		ip = inner
	}
	if ip != "" && net.ParseIP(ip) == nil {
		return errors.New("invalid IP address: " + ip)
	}
	start, end, err := portRange(port)
	if err != nil {
		return errors.New("invalid containerPort: " + port)
	}
	if host == "" {
		return nil
	}
	hostStart, hostEnd, err := portRange(host)
	if err != nil {
		return errors.New("invalid hostPort: " + host)
	}
	if end-start != hostEnd-hostStart && end != start {
		return fmt.Errorf("invalid ranges specified for container and host Ports: %s and %s", port, host)
	}
	return nil
}

func portRange(s string) (start, end int, err error) {
	first, last, ok := strings.Cut(s, "-")
	if start, err = portNumber(first); err != nil {
		return 0, 0, err
	}
	if !ok || first == last {
		return start, start, nil
	}
	if end, err = portNumber(last); err != nil {
		return 0, 0, err
	}
	if end < start {
		return 0, 0, errors.New("invalid port range: " + s)
	}
	return start, end, nil
}

func portNumber(s string) (int, error) {
	n, err := strconv.ParseInt(s, 10, 0)
	if err != nil {
		return 0, err
	}
	if n < 0 || n > 65535 {
		return 0, errors.New("value out of range (0–65535)")
	}
	return int(n), nil
}

// checkSignal follows moby/sys signal/signal.go : ParseSignal with the names of
// signal_linux.go, whatever this process runs on.
func checkSignal(s string) error {
	bad := fmt.Errorf("invalid signal: %s", s)
	if n, err := strconv.Atoi(s); err == nil {
		if n == 0 {
			return bad
		}
		return nil
	}
	name := strings.TrimPrefix(strings.ToUpper(s), "SIG")
	if strings.Contains(linuxSignals, " "+name+" ") && !strings.Contains(name, " ") && name != "" {
		return nil
	}
	for i := 1; i <= 15; i++ {
		if name == fmt.Sprintf("RTMIN+%d", i) || i < 15 && name == fmt.Sprintf("RTMAX-%d", i) {
			return nil
		}
	}
	return bad
}

const linuxSignals = " ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV" +
	" STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX "
