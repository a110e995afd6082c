package people

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/notification"
)

type stationMessage struct {
	notification.Item
}

type messagesInput struct {
	console.ListInput
	Class  string `query:"class" required:"false"`
	Unread bool   `query:"unread" required:"false" doc:"Unread ones only"`
}

type unreadView struct {
	Unread int `json:"unread"`
}

func (a api) messages() {
	console.Read(a.c, console.Op{Path: "/messages", ID: "list-messages", Tag: tagMessages, Need: console.SignedIn, Summary: "Station messages to the own account, or to operators"},
		func(ctx context.Context, in *messagesInput) (page.Page[stationMessage], error) {
			p, err := a.Notices.Messages(ctx, a.c.DB, console.CallerFrom(ctx), console.LangFrom(ctx), notification.ItemFilter{Class: in.Class, Unread: in.Unread}, in.Page())
			return page.Map(p, func(i notification.Item) stationMessage { return stationMessage{i} }), err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/messages/{id}/read", ID: "read-message", Tag: tagMessages, Need: console.SignedIn, Summary: "Mark a message as read"},
		func(ctx context.Context, tx *db.Tx, in *idInput) (unreadView, error) {
			c := console.CallerFrom(ctx)
			if err := a.Notices.MarkRead(ctx, tx, c, in.ID); err != nil {
				return unreadView{}, err
			}
			n, err := a.Notices.Unread(ctx, tx, c)
			return unreadView{n}, err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/messages/read-all", ID: "read-all-messages", Tag: tagMessages, Need: console.SignedIn, Summary: "Mark all messages as read"},
		func(ctx context.Context, tx *db.Tx, _ *struct{}) (unreadView, error) {
			return unreadView{}, a.Notices.MarkAllRead(ctx, tx, console.CallerFrom(ctx))
		})
}
