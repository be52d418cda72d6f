/* A cell's change between two revisions, from a row to the wire. */
#include "server/rpc/change.h"

#include "proto/enums.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"

Inap__V1__CellChange *change_make(struct request *r, const struct change *change)
{
	Inap__V1__CellChange *made = request_alloc(r, sizeof *made);

	if (!made) {
		return NULL;
	}
	inap__v1__cell_change__init(made);
	made->cell = words(change->cell);
	made->before = value_make(r, change->b_kind, change->b_number, change->b_denominator,
				  change->b_text);
	made->before_note = words(change->b_note);
	made->before_expected_on = words(change->b_expected_on);
	made->after =
		value_make(r, change->kind, change->number, change->denominator, change->value);
	made->note = words(change->note);
	made->expected_on = words(change->expected_on);
	made->by = words(change->by);
	made->at = words(change->at);
	made->via = (Inap__V1__Via)proto_enum_value(&inap__v1__via__descriptor, change->via);
	made->reason = words(change->reason);
	made->revision = (uint64_t)change->revision;
	return made;
}
