package library

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"

	"github.com/ctxsize/ctxsize/conformance/engine"
)

// Tarlist is the classic client's libraries, in a program of their own because
// of their versions (see folder classic).
type Tarlist struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *json.Decoder
}

// StartTarlist starts it.
func StartTarlist() (*Tarlist, error) {
	path, err := engine.Bin("tarlist")
	if err != nil {
		return nil, err
	}
	t := &Tarlist{cmd: exec.Command(path)}
	if t.in, err = t.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := t.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	t.out = json.NewDecoder(out)
	return t, t.cmd.Start()
}

// Stop ends it.
func (t *Tarlist) Stop() error {
	return errors.Join(t.in.Close(), t.cmd.Wait())
}

// List tells what a client sends of a context, and how many bytes that is.
func (t *Tarlist) List(dir string) (sent []string, bytes int64, err error) {
	if err := json.NewEncoder(t.in).Encode(map[string]string{"context": dir, "dockerfile": "Dockerfile"}); err != nil {
		return nil, 0, err
	}
	var res struct {
		Sent  [][]byte
		Bytes int64
		Error string
	}
	if err := t.out.Decode(&res); err != nil {
		return nil, 0, err
	}
	if res.Error != "" {
		return nil, 0, refused(res.Error)
	}
	for _, name := range res.Sent {
		sent = append(sent, string(name))
	}
	return sent, res.Bytes, nil
}

// refused is why a library would not list a context.
type refused string

func (r refused) Error() string { return string(r) }
