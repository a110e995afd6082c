package seller

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/outbound"
)

// The methods of proving that an origin is the seller's (saas.md §1.1).
const (
	ByFile     = "file"
	ByDNS      = "dns"
	ByOperator = "operator"
)

// VerificationPath is where the proof of the file method lies.
const VerificationPath = "/.well-known/jishi-verification.txt"

// verificationTime bounds one try: a person waits for it.
const verificationTime = 10 * time.Second

// Challenge is what the seller must publish, and what Prove looks for. Either place will do.
type Challenge struct {
	AddressID string `json:"addressId"`
	SellerID  string `json:"-"`
	Origin    string `json:"origin"`
	FileURL   string `json:"fileUrl"`
	DNSName   string `json:"dnsName"` // "" where the host is an IP address
	Content   string `json:"content"` // the file's only line, or the TXT record's value

	development bool
	token       string
}

// ChallengeOf is the challenge of an address. Errors: "seller.address_not_found".
func (s *Store) ChallengeOf(ctx context.Context, q db.Querier, sellerID, addressID string) (Challenge, error) {
	a, err := s.AddressOf(ctx, q, sellerID, addressID)
	if err != nil {
		return Challenge{}, err
	}
	development, err := s.development(ctx)
	if err != nil {
		return Challenge{}, err
	}
	c := Challenge{
		AddressID: a.ID, SellerID: a.SellerID, Origin: a.Origin, FileURL: a.Origin + VerificationPath,
		Content: "jishi-verification=" + a.Token, development: a.Development && development, token: a.Token,
	}
	if _, err := netip.ParseAddr(hostOf(a.Origin)); err != nil {
		c.DNSName = "_jishi-challenge." + hostOf(a.Origin)
	}
	return c, nil
}

// Proof is the outcome of one try: an empty Code is success, otherwise it names the text
// that tells the seller what was found.
type Proof struct {
	Method string
	Code   string
	Args   map[string]any
}

// Prove looks for the published challenge. It calls the seller's server or the DNS and
// must run outside a transaction; what it finds is not yet recorded. A failed try is no
// error; only an unknown method is ("invalid").
func Prove(ctx context.Context, client *outbound.Client, c Challenge, method string) (Proof, error) {
	switch method {
	case ByFile:
		return proveByFile(ctx, client, c), nil
	case ByDNS:
		return proveByDNS(ctx, client, c), nil
	}
	var check errs.Check
	check.OneOf("method", method, ByFile, ByDNS)
	return Proof{}, check.Err()
}

func proveByFile(ctx context.Context, client *outbound.Client, c Challenge) Proof {
	p := Proof{Method: ByFile}
	answer, err := client.Do(ctx, outbound.Request{
		URL: c.FileURL, Timeout: verificationTime, MaxBody: 16 << 10, Development: c.development,
	})
	switch {
	case err != nil:
		p.Code, p.Args = outcome(err)
	case answer.Status != http.StatusOK:
		p.Code, p.Args = "seller.proof_status", map[string]any{"status": answer.Status}
	case !hasLine(string(answer.Body), c.Content):
		p.Code = "seller.proof_content"
	}
	return p
}

// hasLine admits other lines and a byte order mark, since editors and hosts add them.
func hasLine(text, line string) bool {
	for l := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		if strings.TrimSpace(l) == line {
			return true
		}
	}
	return false
}

func proveByDNS(ctx context.Context, client *outbound.Client, c Challenge) Proof {
	p := Proof{Method: ByDNS}
	if c.DNSName == "" {
		p.Code = "seller.proof_needs_name"
		return p
	}
	records, err := client.LookupTXT(ctx, c.DNSName)
	if err != nil {
		p.Code, p.Args = outcome(err)
		return p
	}
	for _, r := range records {
		if strings.TrimSpace(r) == c.Content {
			return p
		}
	}
	p.Code, p.Args = "seller.proof_record", map[string]any{"name": c.DNSName, "count": len(records)}
	return p
}

// outcome is what a seller may read of a failed call: never internal addresses.
func outcome(err error) (string, map[string]any) {
	if e, ok := outbound.As(err); ok {
		return e.Code(), e.Args()
	}
	return "seller.proof_failed", nil
}

const sqlProven = `update production_addresses set state = 'verified', method = $1, verified_at = $2, verified_by = $3,
checked_at = $2, check_code = '', check_args = '', version = version + 1 where id = $4 and token = $5`
const sqlNotProven = `update production_addresses set checked_at = $1, check_code = $2, check_args = $3 where id = $4 and token = $5`

// RecordProof stores the outcome of Prove. A failed try changes no state: a verified
// address stays verified, since orders run over it. The address must not have been
// renamed meanwhile: "seller.address_changed" (Conflict).
func (s *Store) RecordProof(ctx context.Context, tx *db.Tx, c Challenge, p Proof) (ProductionAddress, error) {
	var n int64
	var err error
	if p.Code == "" {
		n, err = db.Exec(ctx, tx, sqlProven, p.Method, tx.Now, "", c.AddressID, c.token)
	} else {
		n, err = db.Exec(ctx, tx, sqlNotProven, tx.Now, p.Code, db.JSON(p.Args), c.AddressID, c.token)
	}
	if err == nil && n == 0 {
		err = errs.Conflictf("seller.address_changed")
	}
	if err != nil {
		return ProductionAddress{}, err
	}
	a, err := s.AddressOf(ctx, tx, c.SellerID, c.AddressID)
	if err != nil || p.Code != "" {
		return a, err
	}
	return a, s.addressAudit(ctx, tx, "verify", a, p.Method)
}

// ConfirmAddress is an operator's word that an origin is the seller's. Errors:
// "seller.address_not_found", "seller.address_verified" (Conflict), "invalid" (reason).
func (s *Store) ConfirmAddress(ctx context.Context, tx *db.Tx, addressID, operatorID, reason string) (ProductionAddress, error) {
	if err := checkReason(reason); err != nil {
		return ProductionAddress{}, err
	}
	a, err := s.AnyAddress(ctx, tx, addressID)
	if err != nil {
		return a, err
	}
	if a.State == Verified {
		return a, errs.Conflictf("seller.address_verified", "state", a.State)
	}
	if _, err := db.Exec(ctx, tx, sqlProven, ByOperator, tx.Now, operatorID, a.ID, a.Token); err != nil {
		return a, err
	}
	if a, err = s.AnyAddress(ctx, tx, addressID); err != nil {
		return a, err
	}
	if err := s.addressAudit(ctx, tx, "confirm", a, reason); err != nil {
		return a, err
	}
	v, err := s.Get(ctx, tx, a.SellerID)
	if err != nil {
		return a, err
	}
	return a, s.notify(ctx, tx, Notice{AccountID: v.AccountID, Email: v.ServiceEmail, Code: NoticeAddress, Path: "/seller/addresses",
		Args: map[string]any{"seller": v.Name, "origin": a.Origin}})
}

const sqlUnsigned = `update production_addresses set accept_unsigned = $1, version = version + 1 where id = $2`

// SetAcceptUnsigned is an operator's switch for servers that do not sign their answers
// (saas.md §12). Errors: "seller.address_not_found", "invalid" (reason). Idempotent.
func (s *Store) SetAcceptUnsigned(ctx context.Context, tx *db.Tx, addressID string, on bool, reason string) (ProductionAddress, error) {
	if err := checkReason(reason); err != nil {
		return ProductionAddress{}, err
	}
	if _, err := db.Exec(ctx, tx, sqlUnsigned, on, addressID); err != nil {
		return ProductionAddress{}, err
	}
	a, err := s.AnyAddress(ctx, tx, addressID)
	if err != nil {
		return a, err
	}
	return a, s.addressAudit(ctx, tx, "accept_unsigned", a, reason)
}

// CheckText is why the last try failed, in the reader's language; "" after success.
func (a ProductionAddress) CheckText(l i18n.Lang) string {
	if a.CheckCode == "" {
		return ""
	}
	return i18n.Message(l, a.CheckCode, decodeArgs(a.CheckArgs))
}

func decodeArgs(text string) map[string]any {
	var args map[string]any
	_ = json.Unmarshal([]byte(text), &args) // written by RecordProof; without them the text keeps its placeholders
	return args
}

// ProbeWebsite tells the reviewer what a company's website answers (B2: reachable): a
// text code, "seller.website_ok" for an answer below 400. It must run outside a
// transaction; redirects count as an answer. Development networks stay closed to it: any
// applicant may name a website, and what it answers would tell what stands in there.
func (s *Store) ProbeWebsite(ctx context.Context, client *outbound.Client, website string) (string, error) {
	var c errs.Check
	checkWebsite(&c, "website", website)
	if !c.OK() {
		return "", nil // Submit will say so
	}
	answer, err := client.Do(ctx, outbound.Request{URL: website, Timeout: websiteTime})
	switch e, ok := outbound.As(err); {
	case ok && e.Kind == outbound.TooLarge, err == nil && answer.Status < 400:
		return "seller.website_ok", nil
	case ok:
		return e.Code(), nil
	case err != nil:
		return "", err
	}
	return "seller.website_status", nil
}

// WebsiteText is what the company's website answered when the application was submitted.
func (a Application) WebsiteText(l i18n.Lang) string {
	if a.Website == "" {
		return ""
	}
	return i18n.Message(l, a.Website, map[string]any{"host": hostOf(a.Form.Website), "seconds": websiteTime.Seconds()})
}

// websiteTime bounds the look at a website.
const websiteTime = 5 * time.Second
