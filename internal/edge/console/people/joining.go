package people

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/edge/console"
	"jishi/internal/market/identity"
)

type signUpInput struct {
	Body struct {
		Kind        string    `json:"kind" doc:"company or person"`
		AccountName string    `json:"accountName" required:"false" doc:"The company's name"`
		Name        string    `json:"name" required:"false"`
		Email       string    `json:"email" required:"false"`
		Password    string    `json:"password" required:"false" doc:"8 to 128 characters"`
		Locale      i18n.Lang `json:"locale" required:"false" doc:"Language of letters; the request's when left out"`
		Agreed      bool      `json:"agreed" required:"false" doc:"Terms of use and privacy policy"`
	}
}

type emailInput struct {
	Body struct {
		Email string `json:"email"`
		Kind  string `json:"kind" required:"false" doc:"user or operator"`
	}
}

type linkInput struct {
	Body struct {
		Token    string `json:"token"`
		Kind     string `json:"kind" required:"false" doc:"user or operator"`
		Password string `json:"password" required:"false"`
	}
}

func (in *linkInput) kind() string { return kindOf(in.Body.Kind) }

func kindOf(kind string) string {
	if kind == identity.KindOperator {
		return kind
	}
	return identity.KindUser
}

// mailed is the answer of everything that may or may not send a letter.
type mailed struct {
	Email string `json:"email"`
}

func (a api) joining() {
	strict := func(path, id, summary string) console.Op {
		return console.Op{Method: http.MethodPost, Path: path, ID: id, Summary: summary, Tag: tagSession, Rate: "strict"}
	}
	signUp := strict("/sign-up", "sign-up", "Apply for an account; a letter with a link follows, whether the e-mail is taken or not")
	signUp.Status = http.StatusAccepted
	console.Act(a.c, signUp, a.signUp)
	again := strict("/sign-up/again", "sign-up-again", "Send the verification letter once more, if a sign-up waits")
	again.Status = http.StatusAccepted
	console.Act(a.c, again, func(ctx context.Context, in *emailInput) (mailed, error) {
		err := a.c.DB.Update(ctx, func(tx *db.Tx) error { return a.Members.SignUpAgain(ctx, tx, in.Body.Email) })
		return mailed{identity.Email(in.Body.Email)}, err
	})
	console.Act(a.c, strict("/sign-up/verify", "verify-sign-up", "Finish a sign-up with the letter's link and the password chosen; signs in"), a.verify)
	console.Act(a.c, strict("/invitations/show", "show-invitation", "Whom a link invites"), func(ctx context.Context, in *linkInput) (identity.Invited, error) {
		return a.Identity.Invitation(ctx, a.c.DB, in.kind(), in.Body.Token)
	})
	console.Act(a.c, strict("/invitations/accept", "accept-invitation", "Set the first password and sign in"), a.accept)
	console.Act(a.c, strict("/setup", "set-up", "Make the first operator with the link that the first start printed; signs in"), a.setUp)
}

func (a api) signUp(ctx context.Context, in *signUpInput) (mailed, error) {
	b := in.Body
	if b.Locale == "" {
		b.Locale = console.LangFrom(ctx)
	}
	form := identity.SignUp{Kind: b.Kind, AccountName: b.AccountName, Name: b.Name, Email: b.Email, Locale: b.Locale}
	var c errs.Check
	form.Check(&c)
	identity.CheckPassword(&c, "password", b.Password)
	if !b.Agreed {
		c.Add("agreed", "identity.not_agreed")
	}
	if err := c.Err(); err != nil {
		return mailed{}, err
	}
	p, err := a.Identity.NewPassword(ctx, b.Password)
	if err != nil {
		return mailed{}, err
	}
	err = a.c.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := a.Members.SignUp(ctx, tx, form, p)
		return err
	})
	return mailed{identity.Email(b.Email)}, err
}

func (a api) verify(ctx context.Context, in *linkInput) (sessionView, error) {
	if err := a.Identity.CheckSignUp(ctx, a.c.DB, in.Body.Token, in.Body.Password); err != nil {
		return sessionView{}, err
	}
	var u identity.User
	err := a.c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		_, u, err = a.Members.Join(ctx, tx, in.Body.Token)
		return err
	})
	if err != nil {
		return sessionView{}, err
	}
	return a.start(ctx, identity.KindUser, u.ID, u.AccountID)
}

func (a api) accept(ctx context.Context, in *linkInput) (sessionView, error) {
	purpose := identity.LinkInvitation
	if in.kind() == identity.KindOperator {
		purpose = identity.LinkOperatorInvitation
	}
	p, err := a.passwordFor(ctx, purpose, in)
	if err != nil {
		return sessionView{}, err
	}
	var who identity.Person
	err = a.c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		who, err = a.Identity.AcceptInvitation(ctx, tx, in.kind(), in.Body.Token, p)
		return err
	})
	if err != nil {
		return sessionView{}, err
	}
	return a.start(ctx, who.Kind, who.ID, who.AccountID)
}

// passwordFor hashes a link's new password, but only when the link still works.
func (a api) passwordFor(ctx context.Context, purpose string, in *linkInput) (identity.Password, error) {
	if err := a.Identity.CheckLink(ctx, a.c.DB, purpose, in.Body.Token); err != nil {
		return identity.Password{}, err
	}
	return a.Identity.NewPassword(ctx, in.Body.Password)
}

type setUpInput struct {
	Body struct {
		Token    string `json:"token"`
		Email    string `json:"email" required:"false"`
		Name     string `json:"name" required:"false"`
		Password string `json:"password" required:"false"`
	}
}

func (a api) setUp(ctx context.Context, in *setUpInput) (sessionView, error) {
	if err := a.Identity.CheckLink(ctx, a.c.DB, identity.LinkSetup, in.Body.Token); err != nil {
		return sessionView{}, err
	}
	p, err := a.Identity.NewPassword(ctx, in.Body.Password)
	if err != nil {
		return sessionView{}, err
	}
	var o identity.Operator
	err = a.c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		o, err = a.Members.Setup(ctx, tx, in.Body.Token, in.Body.Email, in.Body.Name, console.LangFrom(ctx), p)
		return err
	})
	if err != nil {
		return sessionView{}, err
	}
	return a.start(ctx, identity.KindOperator, o.ID, "")
}
