//go:build !linux

package buildcontext

import "io/fs"

// statOf knows neither inodes nor devices here, so hard links count as files of
// their own.
func statOf(info fs.FileInfo) Stat {
	t := info.ModTime()
	return Stat{
		Name: info.Name(), Mode: info.Mode(), Size: info.Size(), Links: 1,
		Seconds: t.Unix(), Nanoseconds: int32(t.Nanosecond()),
		Private: info.Mode().IsRegular() && info.Mode().Perm()&0o444 != 0o444,
	}
}

// Xattrs implements [Source]. Extended attributes are read on Linux only.
func (d *Directory) Xattrs(string) ([]Xattr, error) { return nil, nil }

func (d *Directory) readers() (readers, error) { return portable{d}, nil }

// mayRead is not asked here: nothing but a file is private.
func mayRead(string) error { return nil }
