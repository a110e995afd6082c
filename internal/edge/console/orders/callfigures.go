package orders

import (
	"context"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
)

// callFigures is how the calls of a day, or of all shown, went.
type callFigures struct {
	Day   string   `json:"day,omitempty" doc:"Of the site's time zone; none of the sum"`
	Calls int64    `json:"calls" doc:"Attempts made"`
	Good  int64    `json:"good" doc:"Attempts that were answered well"`
	Rate  *float64 `json:"rate,omitempty" doc:"Good of all, 0 to 1; none without calls"`
	P50   *float64 `json:"p50Ms,omitempty" doc:"Half of the answers took no longer, in milliseconds, right to a tenth; none without answers"`
	P95   *float64 `json:"p95Ms,omitempty" doc:"95 % of the answers took no longer"`
}

type callSeries struct {
	Days       []callFigures `json:"days" doc:"The oldest first, none left out"`
	Total      callFigures   `json:"total"`
	Activities []string      `json:"activities" doc:"Interfaces called in this time, for the choice"`
}

type figuresInput struct {
	Days     int    `query:"days" required:"false" doc:"7, 30 (also when left out) or 90"`
	Activity string `query:"activity" required:"false" doc:"Of one interface only"`
	SellerID string `query:"sellerId" required:"false" doc:"For operators"`
}

// registerFigures adds what belongs to a list of calls as a whole: figures and the file.
func (d Deps) registerFigures(c *console.Console, path, id, tag string, need access.Permission, mine func(context.Context) string, all bool) {
	exportCalls(c, path, need, mine, all)
	console.Read(c, console.Op{Path: path[:len(path)-1] + "-figures", ID: "get-" + id + "-figures", Tag: tag, Need: need, Summary: "Success rate and latency of calls per day"},
		func(ctx context.Context, in *figuresInput) (out callSeries, err error) {
			if in.Days == 0 {
				in.Days = 30
			}
			var check errs.Check
			if in.Days != 7 && in.Days != 30 && in.Days != 90 {
				check.Add("days", "one_of", "allowed", "7, 30, 90")
			}
			if err := check.Err(); err != nil {
				return out, err
			}
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return out, err
			}
			s := fulfillment.Scope{All: all, SellerID: mine(ctx), Activity: in.Activity}
			if all {
				s.SellerID = in.SellerID
			}
			err = c.DB.View(ctx, func(q db.Querier) error {
				series, err := fulfillment.Daily(ctx, q, s, clock.Wall{}.Now(), in.Days, site.Zone())
				out.Total, out.Activities = figuresOf(series.Total), series.Activities
				for _, f := range series.Days {
					out.Days = append(out.Days, figuresOf(f))
				}
				return err
			})
			return out, err
		})
}

func figuresOf(f fulfillment.Figures) callFigures {
	v := callFigures{Day: f.Day, Calls: f.Calls(), Good: f.Good}
	if v.Calls > 0 {
		rate := float64(f.Good) / float64(v.Calls)
		v.Rate = &rate
	}
	ms := func(d time.Duration) *float64 {
		if d == 0 {
			return nil
		}
		n := float64(d.Round(100*time.Microsecond)) / float64(time.Millisecond)
		return &n
	}
	v.P50, v.P95 = ms(f.P50), ms(f.P95)
	return v
}
