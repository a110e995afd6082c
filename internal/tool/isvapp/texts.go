package isvapp

import (
	"strconv"
	"strings"
)

// texts holds the words of the pages: Chinese, English.
var texts = map[string][2]string{
	"broken":         {"出错了，请稍后再试。", "Something went wrong. Please try again later."},
	"login.title":    {"登录", "Sign in"},
	"login.lead":     {"请使用购买后收到的账号登录。", "Sign in with the account you received with your purchase."},
	"login.user":     {"用户名", "User name"},
	"login.password": {"密码", "Password"},
	"login.wrong":    {"用户名或密码不正确。", "User name or password is wrong."},
	"login.locked":   {"尝试次数过多，请十分钟后再试。", "Too many attempts. Try again in ten minutes."},
	"logout":         {"退出", "Sign out"},
	"board.title":    {"任务看板", "Task board"},
	"board.empty":    {"还没有任务，写下第一条吧。", "No tasks yet. Write down the first one."},
	"board.new":      {"新任务", "New task"},
	"board.add":      {"添加", "Add"},
	"board.done":     {"完成", "Done"},
	"board.reopen":   {"重新打开", "Reopen"},
	"board.delete":   {"删除", "Delete"},
	"board.length":   {"任务需为 1 到 200 个字符。", "A task has 1 to 200 characters."},
	"board.open":     {"未完成", "open"},
	"manage.title":   {"订阅信息", "Subscription"},
	"frozen.title":   {"服务已冻结", "The service is frozen"},
	"frozen.lead":    {"数据仍然保留。续费后即可继续使用。", "Your data are kept. Renew to go on."},
	"admin.title":    {"管理后台", "Administration"},
	"admin.address":  {"生产地址", "Production address"},
	"admin.serves":   {"协议版本", "Generations"},
	"admin.list":     {"实例", "Instances"},
	"admin.calls":    {"收到的调用", "Calls received"},
	"admin.none":     {"暂无", "None yet"},
	"f.instance":     {"实例 ID", "Instance id"},
	"f.order":        {"订单", "Order"},
	"f.customer":     {"客户", "Customer"},
	"f.product":      {"商品 ID", "Product id"},
	"f.bought":       {"已购商品", "Product"},
	"f.quantity":     {"数量", "Quantity"},
	"f.state":        {"状态", "State"},
	"f.user":         {"用户名", "User name"},
	"f.created":      {"创建时间", "Created"},
	"f.expires":      {"到期时间", "Expires"},
	"f.time":         {"时间", "Time"},
	"f.activity":     {"调用", "Call"},
	"f.params":       {"参数", "Parameters"},
	"f.result":       {"结果", "Result"},
	"f.took":         {"耗时", "Took"},
	"f.test":         {"调试", "debug"},
	"state.active":   {"使用中", "active"},
	"state.frozen":   {"已冻结", "frozen"},
	"state.released": {"已释放", "released"},
}

func text(lang, key string) string {
	t, ok := texts[key]
	switch {
	case !ok:
		return key
	case lang == "zh":
		return t[0]
	}
	return t[1]
}

// language picks zh or en from Accept-Language by its weights; en when neither is named.
func language(header string) string {
	best, lang := 0.0, "en"
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(part, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64)
		}
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if (primary == "zh" || primary == "en") && weight > best {
			best, lang = weight, primary
		}
	}
	return lang
}
