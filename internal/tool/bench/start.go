package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/clock"
)

// startAndMemory runs this program's serve command on the filled data, tells when it is
// ready, and how much memory it holds under the storefront's load.
func startAndMemory(ctx context.Context, s *stage) ([]Figure, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	l.Close()
	c := config(s.data, s.url)
	args := []string{"serve", "--listen", address, "--data", s.data, "--master-key-file", c.MasterKeyFile, "--log-level", "error"}
	if s.url != "" {
		args = append(args, "--database", s.url, "--shared-files")
	}
	if s.work != nil { // the search index has one owner at a time
		s.work()
		s.working.Wait()
		s.work = nil
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
	start := clock.Wall{}.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	defer func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}()
	if err := waitFor(ctx, time.Minute, func() (bool, error) {
		r, err := http.Get("http://" + address + "/readyz")
		if err != nil {
			return false, nil
		}
		r.Body.Close()
		return r.StatusCode == 200, nil
	}); err != nil {
		return nil, fmt.Errorf("serve was not ready: %w", err)
	}
	ready := ms(clock.Wall{}.Now().Sub(start))

	mine := s.address
	s.address = address
	_, _, _, err = s.get(min(s.Clients, 4), repeated, func(n int) string { return "/api/v1/storefront/products/" + s.products[n%len(s.products)] })
	s.address = mine
	if err != nil && !strings.Contains(err.Error(), "429") { // serve keeps its limits per client
		return nil, err
	}
	mib, err := resident(cmd.Process.Pid)
	if err != nil {
		return nil, err
	}
	return []Figure{
		{Name: fmt.Sprintf("start to ready with %d products", len(s.products)), Value: ready, Unit: "ms", Goal: "< 1,000 ms", Met: ready < 1000},
		{Name: "memory under load", Value: mib, Unit: "MiB", Goal: "< 120 MiB", Met: mib < 120},
	}, s.restart(ctx)
}

// restart follows the catalogue again.
func (s *stage) restart(ctx context.Context) error {
	work, stop := context.WithCancel(ctx)
	s.work = stop
	s.working.Go(func() { s.app.Shelf.Run(work) })
	return nil
}

func resident(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("no VmRSS in /proc/%d/status", pid)
}
