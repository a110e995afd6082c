//go:build !unix

package doctor

// freeSpace is not known here.
func freeSpace(string) (free uint64, known bool, err error) { return 0, false, nil }
