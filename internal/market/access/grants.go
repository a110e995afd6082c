package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/market/identity"
)

// Store keeps the grants of sub-users: user groups (用户组, catalog-and-roles.md A2) with
// permissions and members. It owns user_groups and user_group_members.
type Store struct {
	Identity *identity.Store
}

// maxGroups bounds the groups of an account.
const maxGroups = 50

// Group is a set of permissions that its members hold; a user in several groups holds
// the union.
type Group struct {
	ID          string       `db:"id" json:"id"`
	AccountID   string       `db:"account_id" json:"-"`
	Preset      string       `db:"preset" json:"preset"`
	Name        string       `db:"name" json:"name"` // empty: the preset's, see Title
	Description string       `db:"description" json:"description"`
	Permissions []Permission `db:"permissions,json" json:"permissions"`
	Version     int64        `db:"version" json:"version"`
	CreatedAt   time.Time    `db:"created_at" json:"createdAt"`
}

// Title is the group's name for a reader: its own, or the preset's in the language.
func (g Group) Title(l i18n.Lang) string {
	if g.Name == "" {
		return i18n.Message(l, "group."+g.Preset, nil)
	}
	return g.Name
}

// Membership says that a user is in a group.
type Membership struct {
	GroupID string `db:"group_id" json:"groupId"`
	UserID  string `db:"user_id" json:"userId"`
}

const groupColumns = `id, account_id, preset, name, description, permissions, version, created_at`
const sqlGroup = `select ` + groupColumns + ` from user_groups where id = $1 and account_id = $2`
const sqlGroups = `select ` + groupColumns + ` from user_groups where account_id = $1 order by id`
const sqlMembers = `select m.group_id, m.user_id from user_group_members m join user_groups g on g.id = m.group_id
where g.account_id = $1 order by m.group_id, m.user_id`

// CreatePresets gives a new account the documented groups, which its owner may edit.
func (s *Store) CreatePresets(ctx context.Context, tx *db.Tx, accountID string) error {
	for _, p := range Presets {
		g := Group{ID: id.New("grp"), AccountID: accountID, Preset: p.Key, Permissions: p.Permissions, Version: 1, CreatedAt: tx.Now}
		if err := db.Insert(ctx, tx, "user_groups", g); err != nil {
			return err
		}
	}
	return nil
}

// Groups lists an account's groups, the presets in their order and then the others by
// age; there are few.
func (s *Store) Groups(ctx context.Context, q db.Querier, accountID string) ([]Group, error) {
	list, err := db.List[Group](ctx, q, sqlGroups, accountID)
	place := func(g Group) int {
		if i := slices.IndexFunc(Presets, func(p Preset) bool { return p.Key == g.Preset }); i >= 0 {
			return i
		}
		return len(Presets)
	}
	slices.SortStableFunc(list, func(a, b Group) int { return place(a) - place(b) })
	return list, err
}

// Group reads one. "group.not_found" (NotFound), also for another account's.
func (s *Store) Group(ctx context.Context, q db.Querier, accountID, groupID string) (Group, error) {
	g, ok, err := db.Maybe[Group](ctx, q, sqlGroup, groupID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("group.not_found")
	}
	return g, err
}

// Memberships tells who is in which group of an account.
func (s *Store) Memberships(ctx context.Context, q db.Querier, accountID string) ([]Membership, error) {
	return db.List[Membership](ctx, q, sqlMembers, accountID)
}

// GroupInput is what an owner writes of a group.
type GroupInput struct {
	Name        string
	Description string
	Permissions []Permission
}

func (in *GroupInput) check(preset string) error {
	in.Name, in.Description = strings.TrimSpace(in.Name), strings.TrimSpace(in.Description)
	var c errs.Check
	if in.Name != "" || preset == "" {
		c.Length("name", in.Name, 1, 60)
	}
	c.Length("description", in.Description, 0, 500)
	for i, p := range in.Permissions {
		if !Grantable(p) {
			c.Add(fmt.Sprintf("permissions[%d]", i), "access.not_grantable", "permission", string(p))
		}
	}
	in.Permissions = slices.Compact(slices.Sorted(slices.Values(in.Permissions)))
	if in.Permissions == nil {
		in.Permissions = []Permission{}
	}
	return c.Err()
}

// CreateGroup makes a group without members. Errors: one per field, "group.too_many"
// (Conflict).
func (s *Store) CreateGroup(ctx context.Context, tx *db.Tx, accountID string, in GroupInput) (Group, error) {
	if err := in.check(""); err != nil {
		return Group{}, err
	}
	n, err := db.One[int](ctx, tx, `select count(*) from user_groups where account_id = $1`, accountID)
	if err != nil {
		return Group{}, err
	}
	if n >= maxGroups {
		return Group{}, errs.Conflictf("group.too_many", "max", maxGroups)
	}
	g := Group{ID: id.New("grp"), AccountID: accountID, Name: in.Name, Description: in.Description, Permissions: in.Permissions, Version: 1, CreatedAt: tx.Now}
	if err := db.Insert(ctx, tx, "user_groups", g); err != nil {
		return Group{}, err
	}
	return g, audit.Record(ctx, tx, audit.Entry{Action: "group.create", Object: "group", ObjectID: g.ID, AccountID: accountID,
		Detail: map[string]any{"name": g.Name, "permissions": g.Permissions}})
}

const sqlChangeGroup = `update user_groups set name = $1, description = $2, permissions = $3, version = version + 1
where id = $4 and account_id = $5 and version = $6`

// ChangeGroup rewrites a group. Errors: one per field, "group.not_found",
// "group.changed" (Conflict) when somebody else was faster.
func (s *Store) ChangeGroup(ctx context.Context, tx *db.Tx, accountID, groupID string, version int64, in GroupInput) error {
	before, err := s.Group(ctx, tx, accountID, groupID)
	if err != nil {
		return err
	}
	if err := in.check(before.Preset); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, sqlChangeGroup, in.Name, in.Description, db.JSON(in.Permissions), groupID, accountID, version)
	if err == nil && n == 0 {
		err = errs.Conflictf("group.changed")
	}
	if err != nil {
		return err
	}
	s.Identity.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: "group.change", Object: "group", ObjectID: groupID, AccountID: accountID,
		Detail: map[string]any{"before": before.Permissions, "after": in.Permissions}})
}

// DeleteGroup removes a group; its members lose what it gave. "group.not_found".
func (s *Store) DeleteGroup(ctx context.Context, tx *db.Tx, accountID, groupID string) error {
	g, err := s.Group(ctx, tx, accountID, groupID)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `delete from user_group_members where group_id = $1`, groupID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `delete from user_groups where id = $1`, groupID); err != nil {
		return err
	}
	s.Identity.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: "group.delete", Object: "group", ObjectID: groupID, AccountID: accountID,
		Detail: map[string]any{"name": g.Name, "preset": g.Preset, "permissions": g.Permissions}})
}

const sqlSubUsers = `select id from users where account_id = $1 and not owner`

// SetMembers makes exactly these sub-users the members of a group. Errors:
// "group.not_found"; field "users" is "unknown" for another account's user or the owner.
func (s *Store) SetMembers(ctx context.Context, tx *db.Tx, accountID, groupID string, userIDs []string) error {
	if _, err := s.Group(ctx, tx, accountID, groupID); err != nil {
		return err
	}
	userIDs = once(userIDs)
	if err := s.checkSubUsers(ctx, tx, accountID, userIDs); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `delete from user_group_members where group_id = $1`, groupID); err != nil {
		return err
	}
	for _, u := range userIDs {
		if err := s.join(ctx, tx, groupID, u); err != nil {
			return err
		}
	}
	s.Identity.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: "group.members", Object: "group", ObjectID: groupID, AccountID: accountID, Detail: map[string]any{"users": userIDs}})
}

// SetGroups makes a sub-user a member of exactly these groups. Errors: "group.not_found",
// "user.not_found", also for the owner, who needs no group.
func (s *Store) SetGroups(ctx context.Context, tx *db.Tx, accountID, userID string, groupIDs []string) error {
	if err := s.checkSubUsers(ctx, tx, accountID, []string{userID}); err != nil {
		return errs.NotFoundf("user.not_found")
	}
	if err := s.LeaveAll(ctx, tx, userID); err != nil {
		return err
	}
	groupIDs = once(groupIDs)
	for _, g := range groupIDs {
		if _, err := s.Group(ctx, tx, accountID, g); err != nil {
			return err
		}
		if err := s.join(ctx, tx, g, userID); err != nil {
			return err
		}
	}
	s.Identity.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: "user.groups", Object: "user", ObjectID: userID, AccountID: accountID, Detail: map[string]any{"groups": groupIDs}})
}

// once takes repetitions out of a list: each id costs queries within the transaction.
func once(ids []string) []string { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// LeaveAll takes a user out of all groups, before an invitation is withdrawn.
func (s *Store) LeaveAll(ctx context.Context, tx *db.Tx, userID string) error {
	_, err := db.Exec(ctx, tx, `delete from user_group_members where user_id = $1`, userID)
	return err
}

type memberRow struct {
	Membership
	CreatedAt time.Time `db:"created_at"`
}

func (s *Store) join(ctx context.Context, tx *db.Tx, groupID, userID string) error {
	_, err := db.InsertIfAbsent(ctx, tx, "user_group_members", memberRow{Membership{GroupID: groupID, UserID: userID}, tx.Now})
	return err
}

func (s *Store) checkSubUsers(ctx context.Context, tx *db.Tx, accountID string, userIDs []string) error {
	own, err := db.List[string](ctx, tx, sqlSubUsers, accountID)
	if err != nil {
		return err
	}
	var c errs.Check
	for _, u := range userIDs {
		if !slices.Contains(own, u) {
			c.Add("users", "unknown")
		}
	}
	return c.Err()
}
