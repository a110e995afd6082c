package identity

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
)

// Player is a company with one person as whom the people of a sandbox's seller act there.
// Nobody signs in as it: it has no password, and its address cannot get letters.
type Player struct {
	AccountID string
	UserID    string
	Name      string // of the company
	Person    string
	Email     string
	Locale    i18n.Lang
}

const sqlPlayerAccount = `insert into accounts (id, kind, name, real_name_state, real_name, real_name_at, created_at) values ($1, 'company', $2, 'verified', $2, $3, $3)`
const sqlPlayer = `insert into users (id, account_id, email, name, owner, state, locale, created_at) values ($1, $2, $3, $4, true, 'active', $5, $6)`

// CreatePlayer writes the company, its real name confirmed, and its owner.
func CreatePlayer(ctx context.Context, tx *db.Tx, p Player) error {
	if _, err := db.Exec(ctx, tx, sqlPlayerAccount, p.AccountID, p.Name, tx.Now); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, sqlPlayer, p.UserID, p.AccountID, p.Email, p.Person, p.Locale, tx.Now)
	return err
}
