// Prints the table of docs/providers.md from the rows that are tested.

import { table } from './fault_rows.mjs';
import { vendors } from './vendors.mjs';

console.log(table(Object.keys(vendors)));
