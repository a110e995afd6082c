package access

import (
	"context"
	"slices"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/identity"
)

// AllRoles is every role, in the order in which pages list them. The first operator holds
// them all.
var AllRoles = []Role{PlatformAdmin, OpsManager, Qualification, ProductReviewer, Finance, Support, ContentEditor, Auditor}

// CheckRoles adds a fault of the field for each unknown role.
func CheckRoles(c *errs.Check, path string, roles []string) {
	for _, r := range roles {
		if _, ok := Roles[Role(r)]; !ok {
			c.Add(path, "access.unknown_role", "role", r)
		}
	}
}

// RoleNames is the stored form of roles.
func RoleNames(roles []Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return out
}

type roleList struct {
	Roles []string `db:"roles,json"`
}

const sqlActiveRoles = `select roles from operators where state = 'active' order by id`

// ChangeOperator is identity's, with the roles checked and the last operator who can
// manage operators kept: "operator.last_admin" (Conflict).
func (s *Store) ChangeOperator(ctx context.Context, tx *db.Tx, operatorID string, version int64, in identity.OperatorChange) error {
	var c errs.Check
	CheckRoles(&c, "roles", in.Roles)
	if err := c.Err(); err != nil {
		return err
	}
	// Two managers who demote each other at once wait for each other here.
	if _, err := db.Exec(ctx, tx, `update operators set version = version where state = 'active'`); err != nil {
		return err
	}
	if err := s.Identity.ChangeOperator(ctx, tx, operatorID, version, in); err != nil {
		return err
	}
	lists, err := db.List[roleList](ctx, tx, sqlActiveRoles)
	if err != nil {
		return err
	}
	for _, l := range lists {
		for _, r := range l.Roles {
			if slices.Contains(Roles[Role(r)], OperatorManage) {
				return nil
			}
		}
	}
	return errs.Conflictf("operator.last_admin")
}
