---Failures that are meant: suite, id of the case, why. Each reason cites a
---recording of the service or a page of AWS. At most 1 % of a suite, Jayway's
---cases noted as "quirk" apart.
return {}
