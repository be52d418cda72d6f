/**
 * What a report is answered with, worked out from a seed: nothing here asks a clock or chance.
 *
 * The same seed, entity and period give the same answer to a cell, whatever else is asked. Parts
 * add up to their total in every exclusive table, numerators fit in denominators, what is
 * cumulative does not fall; now and then an answer is 0 or a blank, or a table is not collected.
 *
 * Ownership  the answers live in *figures, texts in it too; figures_free().
 * Sources    what is asked: report.show (AskedCell).
 */
#ifndef INAP_TESTS_VOLUME_FIGURES_H
#define INAP_TESTS_VOLUME_FIGURES_H

#include <stdint.h>

#include "inap/v1/report.pb-c.h"

struct figures;

/** Of what the report asks and does not lock; NULL: there is no memory. */
struct figures *figures_make(uint64_t seed, const Inap__V1__ReportShowReply *report);
void figures_free(struct figures *figures);
/** The answers, ascending by cell as report.save wants them. */
Inap__V1__CellValue **figures_cells(const struct figures *figures, size_t *count);
/** A number of 0 to below `under` that belongs to these words alone. */
uint64_t figures_chance(uint64_t seed, const char *words, uint64_t under);

#endif
