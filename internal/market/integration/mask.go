package integration

import "regexp"

const mask = "******"

// What others than the owner of the key may not read: a V1 token has no expiry, so whoever reads one may repeat the call.
var (
	secretQuery  = regexp.MustCompile(`([?&](?:authToken|signature|mobilePhone|email)=)[^&]*`)
	secretLink   = regexp.MustCompile(`(?i)([?&](?:token|password|pwd|ticket)=)[^&"\\]+`)
	secretMember = regexp.MustCompile(`(?i)("(?:password|userName|mobilePhone|email|clientSecret)"\s*:\s*)"(?:[^"\\]|\\.)*"?`)
)

// Masked is the exchange without signatures and access data.
func (e Exchange) Masked() Exchange {
	e.URL = secretQuery.ReplaceAllString(e.URL, "${1}"+mask)
	e.RequestBody = secretMember.ReplaceAllString(e.RequestBody, `${1}"`+mask+`"`)
	e.ResponseBody = secretLink.ReplaceAllString(secretMember.ReplaceAllString(e.ResponseBody, `${1}"`+mask+`"`), "${1}"+mask)
	out := map[string]string{}
	for name, value := range e.ResponseHead {
		switch name {
		case "Set-Cookie", "Body-Sign", "bodySign", "Bodysign":
			value = mask
		}
		out[name] = value
	}
	e.ResponseHead = out
	return e
}

// Masked is the run for readers who do not own the key.
func (r Run) Masked() Run {
	r.Exchange = r.Exchange.Masked()
	r.ProblemArgs = Fault{Args: r.ProblemArgs}.Hidden().Args
	warnings := make([]Fault, len(r.Warnings))
	for i, w := range r.Warnings {
		warnings[i] = w.Hidden()
	}
	r.Warnings = warnings
	return r
}

// Masked is the case for readers who do not own the key.
func (c CaseRow) Masked() CaseRow {
	c.Exchange = c.Exchange.Masked()
	c.LastArgs = Fault{Args: c.LastArgs}.Hidden().Args
	return c
}
