package outbound

import (
	"net/netip"
	"strings"
	"testing"

	"jishi/internal/base/i18n"
)

func TestIsPublic(t *testing.T) {
	public := "1.1.1.1 8.8.8.8 93.184.215.14 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.0 " +
		"223.255.255.255 2606:4700::1111 2a00:1450::1 64:ff9b::808:808 ::ffff:8.8.8.8"
	private := "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.255 168.63.129.16 169.254.169.254 " +
		"172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 " +
		"203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 " +
		":: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe " +
		"64:ff9b:1::1 100::1 2001::1 2001:10::1 2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 " +
		"fe80::1 fe80::1%eth0 2606:4700::1111%eth0 fec0::1 ff02::1"
	for _, a := range strings.Fields(public) {
		if !isPublic(netip.MustParseAddr(a)) {
			t.Errorf("%s is public", a)
		}
	}
	for _, a := range strings.Fields(private) {
		if isPublic(netip.MustParseAddr(a)) {
			t.Errorf("%s is not public", a)
		}
	}
	if isPublic(netip.Addr{}) {
		t.Error("no address is not public")
	}
}

func TestValidateOrigin(t *testing.T) {
	for _, c := range []struct {
		raw   string
		rules Rules
		want  string // the origin, or the code's last part
	}{
		{"https://Seller.Example.COM", Rules{}, "https://seller.example.com"},
		{"https://seller.example.com:443/", Rules{}, "https://seller.example.com"},
		{"http://seller.example.com:80", Rules{}, "http://seller.example.com"},
		{"http://seller.example.com:8443", Rules{}, "http://seller.example.com:8443"},
		{" https://seller.example.com. ", Rules{}, "https://seller.example.com"},
		{"https://集市.example.com", Rules{}, "https://xn--7sto77j.example.com"},
		{"http://seller.example.com", Rules{HTTPSOnly: true}, "url_https"},
		{"http://127.0.0.1:9000", Rules{HTTPSOnly: true, Development: true}, "http://127.0.0.1:9000"},
		{"http://[::1]:9000", Rules{Development: true}, "http://[::1]:9000"},
		{"http://localhost:9000", Rules{Development: true}, "http://localhost:9000"},
		{"http://[fe80::1%25eth0]", Rules{Development: true}, "url_host"},
		{"https://1.2.3.4", Rules{}, "url_ip"},
		{"https://[2606:4700::1111]", Rules{}, "url_ip"},
		{"https://127.1", Rules{}, "url_ip"},
		{"https://2130706433", Rules{}, "url_ip"},
		{"https://0x7f000001", Rules{}, "url_ip"},
		{"https://0x7f000001", Rules{Development: true}, "url_ip"},
		{"https://localhost", Rules{}, "url_host"},
		{"https://intranet", Rules{}, "url_host"},
		{"https://db.internal", Rules{}, "url_host"},
		{"https://printer.local", Rules{}, "url_host"},
		{"https://a..example.com", Rules{}, "url_host"},
		{"https://-a.example.com", Rules{}, "url_host"},
		{"https://", Rules{}, "url_host"},
		{"https://a.example.com:0", Rules{}, "url_port"},
		{"https://a.example.com:99999", Rules{}, "url_port"},
		{"https://a.example.com:", Rules{}, "url_port"},
		{"https://a:b@a.example.com", Rules{}, "url_userinfo"},
		{"https://a.example.com/path", Rules{}, "url_path"},
		{"https://a.example.com/?", Rules{}, "url_path"},
		{"https://a.example.com?x=1", Rules{}, "url_path"},
		{"https://a.example.com#", Rules{}, "url_fragment"},
		{"ftp://a.example.com", Rules{}, "url_scheme"},
		{"//a.example.com", Rules{}, "url_scheme"},
		{"javascript:alert(1)", Rules{}, "url_syntax"},
		{"https://a.example.com\r\nX: y", Rules{}, "url_syntax"},
		{"https://" + strings.Repeat("a", 2100), Rules{}, "url_length"},
	} {
		got, err := ValidateOrigin(c.raw, c.rules)
		if e, ok := As(err); ok {
			if !i18n.Has(e.Code()) {
				t.Errorf("%s has no text", e.Code())
			}
			got = strings.TrimPrefix(e.Code(), "outbound.")
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.raw, got, c.want)
		}
	}
}

func TestValidateURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://A.example.com/api/produce?tenant=%E4%B8%AD&a=1+2": "https://a.example.com/api/produce?tenant=%E4%B8%AD&a=1+2",
		"https://a.example.com":           "https://a.example.com",
		"https://a.example.com:443/X/%2F": "https://a.example.com/X/%2F",
		"https://a.example.com/?q=中":      "url_query",
		"https://a.example.com/?q=%zz":    "url_query",
		"https://a.example.com/?q=a b":    "url_query",
		"https://10.0.0.1/x":              "url_ip",
		"https://a.example.com/x#y":       "url_fragment",
	} {
		got, err := ValidateURL(raw, Rules{HTTPSOnly: true})
		if e, ok := As(err); ok {
			if !i18n.Has(e.Code()) {
				t.Errorf("%s has no text", e.Code())
			}
			got = strings.TrimPrefix(e.Code(), "outbound.")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func FuzzValidateURL(f *testing.F) {
	for _, s := range []string{"https://a.example.com/x?y=1", "http://127.0.0.1", "https://[::1]:1/", "https://0177.1/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := ValidateURL(raw, Rules{})
		if err != nil {
			return
		}
		again, err := ValidateURL(got, Rules{})
		if err != nil || again != got {
			t.Errorf("%q → %q → %q, %v", raw, got, again, err)
		}
	})
}
