package notification_test

import (
	"bufio"
	"context"
	"net"
	"strings"
	"testing"

	"jishi/internal/base/settings"
	"jishi/internal/market/notification"
)

// mailServer answers one SMTP session and gives what it was told.
func mailServer(t *testing.T, refuse string) (port int, told <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	out := make(chan string, 1)
	go func() {
		var all strings.Builder
		defer func() { out <- all.String() }()
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		say := func(line string) { conn.Write([]byte(line + "\r\n")) }
		say("220 mx.example ready")
		data := false
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			line := lines.Text()
			all.WriteString(line + "\n")
			verb, _, _ := strings.Cut(line, " ")
			switch {
			case data && line == ".":
				data = false
				say("250 taken")
			case data:
			case refuse != "" && verb == refuse:
				say("550 no such mailbox")
			case verb == "DATA":
				data = true
				say("354 go on")
			case verb == "QUIT":
				say("221 bye")
				return
			default:
				say("250 ok")
			}
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, out
}

func TestSMTP(t *testing.T) {
	send := func(port int, tls string) error {
		m := settings.Mail{Mode: "smtp", Host: "127.0.0.1", Port: port, TLS: tls}
		return notification.SMTP(m, "").Send(context.Background(), notification.To{Address: "shop@example.com", Name: "集市"},
			notification.To{Address: "lin@example.com", Name: "Lin\r\nBcc: evil@example.com"}, "mail_1", notification.Rendered{Subject: "Verify", Body: "Open the link\n.\nbelow"})
	}
	port, told := mailServer(t, "")
	if err := send(port, "none"); err != nil {
		t.Fatal(err)
	}
	got := <-told
	for _, want := range []string{"MAIL FROM:<shop@example.com>", "RCPT TO:<lin@example.com>", "Subject: Verify", "Message-ID: <mail_1@example.com>", "Auto-Submitted: auto-generated", "Open the link"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "\nBcc:") || strings.Count(got, "RCPT TO") != 1 {
		t.Errorf("a name made a header:\n%s", got)
	}
	port, _ = mailServer(t, "RCPT")
	if err := send(port, "none"); err == nil || !strings.Contains(err.Error(), "550") {
		t.Errorf("a refusal was %v", err)
	}
	port, _ = mailServer(t, "") // it offers no STARTTLS
	if err := send(port, "starttls"); err == nil {
		t.Error("a letter left without the encryption that was asked for")
	}
}
