package arch

import (
	"path"
	"strings"
	"testing"
)

// heights is the order of the packages: one imports lower ones only, and equal ones do
// not know each other. A subpackage has the height of its module, and the packages of
// one module may import each other.
var heights = []struct {
	height  float64
	modules string
}{
	{-1, "internal/texts internal/schema"}, // data
	{0, "internal/base/errs internal/base/clock"},
	{0.5, "internal/base/money internal/base/id internal/base/page internal/base/i18n internal/base/throttle"},
	{1, "internal/base/telemetry internal/base/db"},
	{2, "internal/base/settings internal/base/secret internal/base/blob internal/base/outbound internal/base/audit"},
	{2.5, "internal/base/job"},
	{3, "internal/market/identity internal/market/ledger internal/market/media internal/market/term internal/market/export"},
	{4, "internal/market/access internal/market/directory internal/market/seller"},
	{5, "internal/market/notification internal/market/integration internal/market/sandbox"},
	{5.5, "internal/market/pricing"},
	{6, "internal/market/catalog"},
	{6.5, "internal/market/discount"},
	{7, "internal/market/order internal/market/payment internal/market/voucher"},
	{8, "internal/market/subscription internal/market/cart"},
	{9, "internal/market/license internal/market/metering internal/market/refund internal/market/supervision"},
	{10, "internal/market/fulfillment internal/market/gateway internal/market/billing internal/market/deploy internal/market/qa"},
	{11, "internal/market/settlement internal/market/probing"},
	{12, "internal/market/invoice"},
	{13, "internal/trade"},
	{14, "internal/edge/*"},
	{top, "internal/app internal/tool/* cmd/*"},
}

// top is where everything is put together; there the compiler's ban of cycles is enough.
const top = 15

// place finds a package's module and height.
func place(pkg string) (module string, height float64, ok bool) {
	for _, row := range heights {
		for _, m := range strings.Fields(row.modules) {
			if folder, star := strings.CutSuffix(m, "/*"); star {
				rest, inside := strings.CutPrefix(pkg, folder+"/")
				if first, _, _ := strings.Cut(rest, "/"); inside {
					return folder + "/" + first, row.height, true
				}
			} else if pkg == m || strings.HasPrefix(pkg, m+"/") {
				return m, row.height, true
			}
		}
	}
	return "", 0, false
}

func TestImportHeights(t *testing.T) {
	for _, f := range sources(t) {
		for imported := range f.imports() {
			inside, ours := strings.CutPrefix(imported, "jishi/")
			if why := forbidden(f.pkg, imported, inside, ours); why != "" {
				t.Errorf("%s must not import %s: %s (%s)", f.pkg, imported, why, f.path)
			}
		}
	}
}

// forbidden says why one package must not import another, or "".
func forbidden(pkg, imported, inside string, ours bool) string {
	standard := !ours && !strings.Contains(strings.SplitN(imported, "/", 2)[0], ".")
	switch root, _, _ := strings.Cut(pkg, "/"); {
	case root == "wire":
		if !standard && !(ours && within(inside, "wire")) {
			return "wire imports the standard library only"
		}
		return ""
	case root == "isv":
		if !standard && !(ours && (within(inside, "wire") || within(inside, "isv"))) {
			return "isv imports the standard library and wire only"
		}
		return ""
	case !ours:
		return ""
	}
	module, height, known := place(pkg)
	if !known {
		return pkg + " has no place in the table of heights"
	}
	if strings.HasSuffix(path.Base(pkg), "test") {
		return "" // only tests import it, and those may look at everything
	}
	if strings.HasSuffix(path.Base(inside), "test") {
		return "it is for tests"
	}
	if within(inside, "wire") {
		return ""
	}
	if within(inside, "isv") {
		if height < top {
			return "isv is the sellers' side"
		}
		return ""
	}
	target, low, known := place(inside)
	switch {
	case !known:
		return inside + " has no place in the table of heights"
	case module == target || height == top && low == top:
		return ""
	case low > height:
		return "it is higher"
	case low == height:
		return "it is as high"
	}
	return ""
}

func within(pkg, module string) bool { return pkg == module || strings.HasPrefix(pkg, module+"/") }

// The rule itself, so that a mistake in it does not pass everything.
func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		pkg, imported string
		allowed       bool
	}{
		{"internal/market/order", "jishi/internal/market/catalog", true},
		{"internal/market/order", "jishi/internal/market/payment", false},
		{"internal/market/order", "jishi/internal/trade", false},
		{"internal/market/catalog/review", "jishi/internal/market/catalog", true},
		{"internal/market/catalog", "jishi/internal/market/catalogue", false},
		{"internal/edge/console", "jishi/internal/edge/koogallery", false},
		{"internal/edge/console/buyer", "jishi/internal/edge/console", true},
		{"internal/app", "jishi/internal/tool/demo", true},
		{"cmd/jishi", "jishi/internal/app", true},
		{"internal/trade", "jishi/internal/app", false},
		{"internal/base/i18n", "jishi/internal/texts", true},
		{"internal/base/errs", "jishi/internal/base/money", false},
		{"internal/base/job", "jishi/internal/base/db/dbtest", false},
		{"internal/edge/koogallery", "jishi/wire/saas", true},
		{"internal/edge/koogallery", "jishi/isv", false},
		{"internal/tool/isvapp", "jishi/isv", true},
		{"isv", "jishi/wire", true},
		{"isv", "jishi/internal/base/id", false},
		{"wire/saas", "crypto/aes", true},
		{"wire/saas", "golang.org/x/crypto/argon2", false},
		{"wire", "jishi/isv", false},
		{"internal/common", "jishi/internal/base/id", false},
	} {
		inside, ours := strings.CutPrefix(c.imported, "jishi/")
		if why := forbidden(c.pkg, c.imported, inside, ours); (why == "") != c.allowed {
			t.Errorf("%s imports %s: %q", c.pkg, c.imported, why)
		}
	}
}
