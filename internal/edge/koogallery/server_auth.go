package koogallery

import (
	"errors"
	"io"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	rights "jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/wire/openapi"
)

// authenticate finds the caller, or answers itself and tells false. A signature goes before a token (open-api.md §2.4).
func (s *Server) authenticate(c *call) bool {
	if value := c.r.Header.Get(openapi.HeaderAuthorization); value != "" {
		return s.bySignature(c, value)
	}
	if token := c.r.Header.Get(openapi.HeaderToken); token != "" {
		return s.byToken(c, token)
	}
	s.gateway(c, openapi.GatewayAuth, "the Authorization header is missing")
	return false
}

func (s *Server) byToken(c *call, token string) bool {
	if s.TokenOf == nil {
		s.refuse(c, openapi.IllegalToken)
		return false
	}
	caller, err := s.TokenOf(c.r.Context(), token, c.address)
	switch {
	case err != nil && errs.KindOf(err) == errs.Unauthenticated:
		s.refuse(c, openapi.IllegalToken)
	case err != nil:
		s.fault(c, err)
	case caller.SellerID != "" && caller.Check(rights.SaleRead) != nil:
		s.gateway(c, openapi.GatewayForbidden, "")
	default:
		c.caller, c.key = caller, caller.UserID
		return true
	}
	return false
}

// bySignature checks AK/SK. The body is read only for keys that exist and are not locked.
func (s *Server) bySignature(c *call, value string) bool {
	ctx := c.r.Context()
	a, err := openapi.ParseAuthorization(value)
	if err != nil {
		s.gateway(c, openapi.GatewayAuth, err.Error())
		return false
	}
	k, err := s.Identity.SignerOf(ctx, s.DB, a.Access)
	switch {
	case errs.Is(err, "access_key.not_found"):
		s.gateway(c, openapi.GatewayAuth, "the access key does not exist or is disabled")
		return false
	case err != nil:
		s.fault(c, err)
		return false
	case k.Locked:
		s.gateway(c, openapi.GatewayAuth, "the access key is locked for a few minutes after too many wrong signatures")
		return false
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, openapi.MaxBody))
	if err != nil {
		code := openapi.GatewayBadRequest
		if errors.As(err, new(*http.MaxBytesError)) {
			code = openapi.GatewayTooLarge
		}
		s.gateway(c, code, "")
		return false
	}
	if err := s.signedRequest(c.r, body).Verify(a, k.SecretKey, s.Identity.Now()); err != nil {
		s.wrongSignature(c, k, err)
		return false
	}
	if !s.admit(c, k) {
		return false
	}
	c.key = k.KeyID
	return true
}

// wrongSignature counts what may be a guess. A clock that is wrong or a header that is missing is no guess: counting it
// would hide its reason behind a lock.
func (s *Server) wrongSignature(c *call, k identity.Signer, why error) {
	if errors.Is(why, openapi.ErrSignature) {
		err := s.DB.Update(c.r.Context(), func(tx *db.Tx) error { return s.Identity.AccessKeyRefused(c.r.Context(), tx, k.KeyID) })
		if err != nil {
			s.fault(c, err)
			return
		}
	}
	s.gateway(c, openapi.GatewayAuth, why.Error())
}

// admit writes the key's use, at most once a minute, and finds its account's seller.
func (s *Server) admit(c *call, k identity.Signer) bool {
	ctx := c.r.Context()
	if s.Identity.Stale(k) {
		if err := s.DB.Update(ctx, func(tx *db.Tx) error { return s.Identity.AccessKeyUsed(ctx, tx, k.KeyID) }); err != nil {
			s.fault(c, err)
			return false
		}
	}
	c.caller = rights.Caller{Kind: identity.KindUser, AccountID: k.AccountID}
	side, ok, err := rights.SellerOf(ctx, s.DB, k.AccountID)
	if err != nil {
		s.fault(c, err)
		return false
	}
	if ok && side.State == "active" {
		c.caller.SellerID = side.ID
	}
	return true
}
