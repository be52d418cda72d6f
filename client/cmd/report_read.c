/* inap report list: reading without changing what is seen. */
#include "client/app.h"
#include "client/cmd/report.h"
#include "client/cmd/report_list.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"

bool cmd_report_list(struct app *app)
{
	Inap__V1__ReportList request = INAP__V1__REPORT_LIST__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, option_text(app, OPT_ROUND));
	if (!exchange_call(app, METHOD_REPORT_LIST, &request.base, &message))
		return false;
	report_list_render(app, (const Inap__V1__ReportListReply *)message, false);
	return true;
}
