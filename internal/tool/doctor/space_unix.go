//go:build unix

package doctor

import "syscall"

// freeSpace is what an ordinary user may still write, in bytes.
func freeSpace(path string) (free uint64, known bool, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, false, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true, nil
}
