package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
)

// mask stands where a secret would have been logged.
const mask = "[redacted]"

// NewLogger writes one JSON object per line. A record logged with a request's context
// carries its requestId. Attributes whose name speaks of a secret (password, token,
// key, signature, cookie …) and passwords inside URLs are masked wherever they stand.
func NewLogger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(contextHandler{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: redact})})
}

// contextHandler adds what the context knows to each record.
type contextHandler struct{ slog.Handler }

func (h contextHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("requestId", id))
	}
	r.Message = maskURLs(r.Message)
	return h.Handler.Handle(ctx, r)
}

func (h contextHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return contextHandler{h.Handler.WithAttrs(attrs)}
}

func (h contextHandler) WithGroup(name string) slog.Handler {
	return contextHandler{h.Handler.WithGroup(name)}
}

// secretWords are looked for in lower-case names without separators.
var secretWords = [...]string{
	"password", "passwd", "passphrase", "secret", "token", "authorization", "cookie",
	"signature", "bodysign", "xsign", "credential", "apikey", "accesskey", "privatekey", "masterkey", "setupcode",
}

func isSecretName(name string) bool {
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(name))
	for _, w := range secretWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

func redact(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindGroup && isSecretName(a.Key) {
		return slog.String(a.Key, mask)
	}
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(maskURLs(a.Value.String()))
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case http.Header:
			a.Value = slog.AnyValue(maskHeader(v))
		case error:
			a.Value = slog.StringValue(maskURLs(v.Error()))
		case fmt.Stringer:
			a.Value = slog.StringValue(maskURLs(v.String()))
		}
	}
	return a
}

// urlPassword finds the password of user:password@ in an address.
var urlPassword = regexp.MustCompile(`(://[^/\s:@"']*:)[^/\s@"']+@`)

func maskURLs(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	return urlPassword.ReplaceAllString(s, "${1}"+mask+"@")
}

func maskHeader(h http.Header) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		if isSecretName(name) {
			out[name] = mask
		} else {
			out[name] = strings.Join(values, ", ")
		}
	}
	return out
}
